"""The settings of a space as one table: what each is called and what makes a stored value of a given one.

Pages, the API and archives all hand in values under these names, and a new setting is a line here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypedDict

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from accounts.models import Audience
from accounts.text import all_of, clean_line, clean_source
from community.spaces.kinds import kinds
from community.spaces.models import Space
from community.spaces.tagging import tag_names
from search import languages

LONGEST_TEMPLATE: Final = 10_000
LONGEST_TEMPLATES: Final = 40_000  # those of single kinds together
MOST_TAGS_ALLOWED: Final = 60
MOST_TAGS: Final = 5
_SLUG: Final = re.compile(r"[a-z0-9_]+(?:-+[a-z0-9_]+)*")
_ICON: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Who:
    """Those who may do something: an audience, and the ids of groups or organisations where it names some.

    `members` is everyone who may read the space.
    """

    by: str = Audience.MEMBERS
    groups: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()


class Settings(TypedDict, total=False):
    """What a space can be set to. `audience`, `groups` and `organisations` are its readers."""

    name: str
    slug: str
    purpose: str
    language: str
    colour: str
    icon: str
    kinds: Iterable[str]
    parent: Space | None
    position: int
    is_archived: bool
    template: str
    templates: Mapping[str, str]
    default_order: str
    tags_allowed: Iterable[str]
    tags_least: int
    joining: str
    audience: str
    groups: Iterable[int]
    organisations: Iterable[int]
    start: Who
    reply: Who
    tag: Who


def one_of(field: str, choices: type[TextChoices]) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        if value not in choices.values:
            raise ValidationError({field: _("Choose one of: %s.") % ", ".join(choices.values)})
        return str(value)

    return clean


def whole(field: str, most: int) -> Callable[[Any], int]:
    def clean(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise ValidationError({field: _("Choose a whole number from 0 to %s.") % most})
        return value

    return clean


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError({"is_archived": _("Must be true or false.")})
    return value


def _slug(value: Any) -> str:
    slug = clean_line(value, field="slug", limit=60).lower()
    if not _SLUG.fullmatch(slug):
        raise ValidationError({"slug": _("Use small letters, digits and hyphens, such as “getting-started”.")})
    return slug


def _icon(value: Any) -> str:
    icon = clean_line(value, field="icon", limit=40)
    if not _ICON.fullmatch(icon):
        raise ValidationError({"icon": _("Name an icon of the lucide set, such as “rocket”.")})
    return icon


def _kinds(value: Any) -> list[str]:
    known = [str(name) for name, _label in kinds()]
    chosen = [str(kind) for kind in value] if isinstance(value, list | tuple | set | frozenset) else [str(value)]
    if wrong := [kind for kind in chosen if kind not in known]:
        told = _("There is no kind “%(kind)s”. Choose among: %(kinds)s.")
        raise ValidationError({"kinds": told % {"kind": wrong[0][:60], "kinds": ", ".join(known)}})
    return [kind for kind in known if kind in chosen]


def _tags_allowed(value: Any) -> list[str]:
    names = tag_names(value, field="tags_allowed")
    if len(names) > MOST_TAGS_ALLOWED:
        raise ValidationError({"tags_allowed": _("%s tags are the most to choose from.") % MOST_TAGS_ALLOWED})
    return names


def _template(value: Any, field: str) -> str:
    return clean_source(value, field=field, limit=LONGEST_TEMPLATE, required=False)


def _templates(value: Any) -> dict[str, str]:
    """By kind; an empty one is none, so that the template of all kinds stands in for it."""
    known = [str(name) for name, _label in kinds()]
    if not isinstance(value, Mapping):
        raise ValidationError({"templates": _("This must be texts by kind of topic.")})
    if wrong := [str(kind) for kind in value if kind not in known]:
        told = _("There is no kind “%(kind)s”. Choose among: %(kinds)s.")
        raise ValidationError({"templates": told % {"kind": wrong[0][:60], "kinds": ", ".join(known)}})
    texts = {kind: _template(value[kind], "templates") for kind in known if kind in value}
    if sum(map(len, texts.values())) > LONGEST_TEMPLATES:
        raise ValidationError({"templates": _("All of them together have %s characters at most.") % LONGEST_TEMPLATES})
    return {kind: text for kind, text in texts.items() if text.strip()}


CLEAN: Final[dict[str, Callable[[Any], Any]]] = {
    "name": lambda value: clean_line(value, field="name", limit=80),
    "slug": _slug,
    "purpose": lambda value: clean_line(value, field="purpose", limit=300, required=False),
    "language": languages.checked,
    "colour": one_of("colour", Space.Colour),
    "icon": _icon,
    "kinds": _kinds,
    "position": whole("position", 100_000),
    "is_archived": _flag,
    "template": lambda value: _template(value, "template"),
    "templates": _templates,
    "default_order": one_of("default_order", Space.Order),
    "tags_allowed": _tags_allowed,
    "tags_least": whole("tags_least", MOST_TAGS),
    "joining": one_of("joining", Space.Joining),
    "audience": one_of("audience", Audience),
}


def cleaned(given: Settings) -> dict[str, Any]:
    """The columns of a space from what was given; all that is wrong at once. Raises ValidationError by field."""
    names = [name for name in CLEAN if name in given]
    return all_of({name: partial(CLEAN[name], given[name]) for name in names})  # type: ignore[literal-required]
