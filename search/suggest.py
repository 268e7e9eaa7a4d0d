"""While typing: the best few of each kind. And what is related to a text. Only what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from search import analysis, highlight, services, tags
from search.engines import EngineAway, fallback, primary
from search.engines.base import Hit
from search.models import Entry
from search.query import SearchQuery, long_query
from search.sources import Card, sources

PER_KIND: Final = 3
SPARE: Final = 2
SHORTEST: Final = 2
CLOSE: Final = 0.55


@dataclass(frozen=True, slots=True)
class Group:
    """One kind's suggestions, with their titles marked."""

    kind: str
    label: str
    items: tuple[tuple[Card, SafeString], ...]


def suggest(viewer: Viewer, text: str, *, per_kind: int = PER_KIND) -> list[Group]:
    """Up to `per_kind` hits of every kind whose title begins as typed, and tags; nothing for less than two characters.
    """
    text = text.replace("\0", " ").strip()[:100]
    if len(text) < SHORTEST:
        return []
    hits = _complete(text, viewer, per_kind + SPARE)
    cards = services.authorised_cards(viewer, (hit.key for hit in hits))
    words = analysis.plain_words(text)
    groups = []
    for source in sources():
        shown = [cards[hit.key] for hit in hits if hit.kind == source.kind and hit.key in cards][:per_kind]
        if shown:
            items = tuple((card, highlight.begun(card.title, words)) for card in shown)
            groups.append(Group(source.kind, str(source.label_plural), items))
    if named := tags.begun(viewer, text, limit=per_kind):
        items = tuple((card, highlight.begun(card.title, words)) for card in named)
        groups.append(Group(tags.KIND, _("Tags"), items))
    # Never by score: how rare a word is among hidden titles would show in which kind comes first.
    return sorted(groups, key=lambda group: not _begins(group, text))


def _begins(group: Group, text: str) -> bool:
    """Whether the kind holds a title that begins as typed."""
    return any(analysis.fold(card.title).startswith(analysis.fold(text)) for card, _title in group.items)


def _offered() -> list[str]:
    return [source.kind for source in sources() if source.is_offered and not source.is_name]


def _complete(text: str, viewer: Viewer, limit: int) -> list[Hit]:
    kinds = [source.kind for source in sources()]
    try:
        return primary().complete(text, viewer.tokens, kinds=kinds, limit=limit)
    except EngineAway:
        return fallback().complete(text, viewer.tokens, kinds=kinds, limit=limit)


def _is_about(hit: Hit, query: SearchQuery) -> bool:
    """Holds two of the words, or says nearly the same in others."""
    return hit.cover >= min(2, len(query.terms)) or hit.nearness >= CLOSE


def related(
    viewer: Viewer, *, kind: str = "", id: int | None = None, text: str = "", body: str = "", limit: int = 5,
    kinds: Sequence[str] = (),
) -> list[Card]:
    """What the viewer may see that is about the same: as the thing (kind, id), or as a `text` (a title) and its `body`.

    The thing itself is never among them. Names of people and places are left out unless `kinds` asks for them.
    """
    if kind and id is not None and not text:
        row = Entry.objects.filter(kind=kind, object_id=id, is_deleted=False).values_list("title", "body").first()
        if row is None:
            return []
        text, body = row
    query = long_query(text, body, kinds=kinds or _offered())
    if not query.terms:
        return []
    answer = services.ask(
        query, viewer.tokens, kinds=query.kinds, now=timezone.now(), window=limit + 10
    )
    hits = [hit for hit in answer.order if hit.key != (kind, id) and _is_about(hit, query)]
    cards = services.authorised_cards(viewer, (hit.key for hit in hits[: limit + 10]))
    return [cards[hit.key] for hit in hits if hit.key in cards][:limit]
