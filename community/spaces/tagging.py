"""What a space says about the tags of its topics: which, how many, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.text import LIMITS, clean_line
from accounts.viewer import Viewer
from community.spaces.models import Act, Space
from community.spaces.policies import may
from community.spaces.refusals import why_not

_TAG: Final = re.compile(r"^[\w][\w.+-]*$")


def tag_names(tags: object, *, field: str = "tags") -> list[str]:
    """Distinct tags, lower case, words joined by hyphens. Raises ValidationError({field: …}) for what cannot be one."""
    if isinstance(tags, str):
        tags = tags.split(",")
    if not isinstance(tags, list | tuple | set | frozenset):
        raise ValidationError({field: _("This must be a list of words.")})
    names: list[str] = []
    for tag in tags:
        line = clean_line(tag, field=field, limit=200, required=False).lstrip("#").lower()
        name = "-".join(line.split())
        if not name or name in names:
            continue
        if len(name) > LIMITS["tag"] or not _TAG.match(name):
            told = _("“%(tag)s” cannot be a tag: use letters, digits and . + - only, 40 at most.")
            raise ValidationError({field: told % {"tag": name[:60]}})
        names.append(name)
    return names


def check_tags(viewer: Viewer, space: Space, names: Iterable[str], *, before: Iterable[str] = ()) -> None:
    """Whether a viewer may give these tags to a topic of the space that has those of `before`.

    What is there already may stay. Raises ValidationError({"tags": …}).
    """
    names = list(names)
    if set(names) == set(before) and names:
        return
    if not may(viewer, space, Act.TAG):
        if set(names) != set(before):
            raise ValidationError({"tags": why_not(space, Act.TAG)})
        return
    check_listed(space, names, before=before)


def check_listed(space: Space, names: list[str], *, before: Iterable[str] = ()) -> None:
    """Whether a topic with these tags has those that the space allows, and as many as it asks for, whoever gives them.

    Raises ValidationError({"tags": …}).
    """
    foreign = [name for name in names if name not in space.tags_allowed and name not in before]
    if space.tags_allowed and foreign:
        told = _("“%(tag)s” is no tag of “%(space)s”. Choose among: %(tags)s.")
        values = {"tag": foreign[0], "space": space.name, "tags": ", ".join(space.tags_allowed)}
        raise ValidationError({"tags": told % values})
    if len(names) < space.tags_least:
        told = ngettext(
            "A topic in “%(space)s” needs %(count)s tag at least.",
            "A topic in “%(space)s” needs %(count)s tags at least.", space.tags_least,
        )  # fmt: skip
        raise ValidationError({"tags": told % {"count": space.tags_least, "space": space.name}})


def tags_in(viewer: Viewer, space: Space) -> str | None:
    """What to say beside the box for tags; None where this viewer gives none, "" where the space says nothing."""
    if not may(viewer, space, Act.TAG):
        return None
    said = []
    if space.tags_least:
        said.append(ngettext("At least %s tag.", "At least %s tags.", space.tags_least) % space.tags_least)
    if space.tags_allowed:
        said.append(_("Choose among: %s.") % ", ".join(space.tags_allowed))
    return " ".join(said)
