"""What is offered while one writes: people after `@`, tags after `#`, emoji after `:`, titles after `[[`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.viewer import Viewer
from community.forums.models import Tag, Topic
from search.sources import source_for
from search.suggest import suggest

MOST: Final = 6
MOST_EMOJI: Final = 8
LONGEST: Final = 60
LINKED: Final = frozenset({"topic", "idea", "article", "wiki"})


@dataclass(frozen=True, slots=True)
class Completion:
    """`value` is what is put into the text; `label` and `hint` are what the line says."""

    value: str
    label: str
    hint: str = ""
    mark: str = ""


def completions(viewer: Viewer, key: str, text: str) -> tuple[Completion, ...]:
    """The best few for what is typed after `key`, only of what this viewer may see; nothing for an unknown key."""
    text = text.replace("\0", "").strip()[:LONGEST]
    offer = _OFFERS.get(key)
    return offer(viewer, text) if offer and viewer.is_signed_in and text else ()


def _people(viewer: Viewer, text: str) -> tuple[Completion, ...]:
    starts = Q(username__istartswith=text) | Q(display_name__istartswith=text) | Q(display_name__icontains=f" {text}")
    found = accounts.people(viewer).filter(starts).order_by("username").only("username", "display_name")[:MOST]
    return tuple(Completion(f"@{user.username}", str(user), f"@{user.username}") for user in found)


def _tags(viewer: Viewer, text: str) -> tuple[Completion, ...]:
    """By how often they are used in what the viewer sees; a tag that stands on hidden topics alone does not exist."""
    topics = Topic.objects.visible_to(viewer).published().listed_for(viewer)
    tags = Tag.objects.filter(name__istartswith=text, topics__in=topics).annotate(uses=Count("topics"))
    names = [tag.name for tag in tags.order_by("-uses", "name")[:MOST]]
    return tuple(Completion(f"[#{name}]({reverse('forums:tag', args=[name])})", f"#{name}") for name in names)


def _links(viewer: Viewer, text: str) -> tuple[Completion, ...]:
    cards = [card for group in suggest(viewer, text) if group.kind in LINKED for card, _title in group.items]
    return tuple(
        Completion(f"[{_escaped(card.title)}]({card.url})", card.title, f"{_label(card.kind)} · {card.where}")
        for card in cards[:MOST]
    )


def _label(kind: str) -> str | Promise:
    source = source_for(kind)
    return source.label if source else kind


def _escaped(title: str) -> str:
    return title.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _emoji(viewer: Viewer, text: str) -> tuple[Completion, ...]:
    """Those whose name begins as typed, then those that hold it."""
    text, names = text.lower(), _emoji_names()
    begun = [pair for pair in names if pair[0].startswith(text)]
    held = [pair for pair in names if text in pair[0] and not pair[0].startswith(text)]
    return tuple(Completion(sign, f":{name}:", mark=sign) for name, sign in (begun + held)[:MOST_EMOJI])


@lru_cache(maxsize=1)
def _emoji_names() -> tuple[tuple[str, str], ...]:
    """(name, sign), short names first; without skin tones, which would drown the rest. Loaded when first asked for."""
    import emoji

    found = {}
    for sign, data in emoji.EMOJI_DATA.items():
        if data["status"] == emoji.STATUS["fully_qualified"] and "skin_tone" not in data["en"]:
            for name in (*data.get("alias", ()), data["en"]):
                found.setdefault(name.strip(":"), sign)
    return tuple(sorted(found.items(), key=lambda pair: (len(pair[0]), pair[0])))


_OFFERS: Final[dict[str, Callable[[Viewer, str], tuple[Completion, ...]]]] = {
    "@": _people, "#": _tags, ":": _emoji, "[[": _links,
}  # fmt: skip
LABELS: Final = {"@": _("People"), "#": _("Tags"), ":": _("Emoji"), "[[": _("Topics and articles")}
