"""From one ranked list a kind to one list: scores of different kinds are never added, ranks are fused."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from search import analysis
from search.engines.base import Hit
from search.query import SearchQuery
from search.sources import source_for

K: Final = 60
# How much of a hit's own score trust and age may add; a match always weighs more.
SOLVED_LIFT: Final = 0.05
OFFICIAL_LIFT: Final = 0.05
FRESH_LIFT: Final = 0.08
FRESH_DAYS: Final = 365.0
HELPFUL_LIFT: Final = 0.02
# People and places are found by name; one that merely mentions the words stands far behind what is about them.
MENTION_WEIGHT: Final = 0.5
SETTLED: Final = frozenset({"solved", "done", "shipped", "completed"})


def lifted(hit: Hit, *, now: datetime) -> Hit:
    """The hit with its score raised a little for being settled, official, fresh and found helpful."""
    age = max((now - hit.updated_at).total_seconds() / 86_400, 0)
    lift = FRESH_LIFT * math.exp(-age / FRESH_DAYS)
    lift += SOLVED_LIFT * (hit.state in SETTLED) + OFFICIAL_LIFT * hit.is_official
    lift += HELPFUL_LIFT * min(math.log1p(max(hit.helpful, 0)), 4)
    return replace(hit, score=hit.score * (1 + lift))


def _weight(hit: Hit, query: SearchQuery) -> float:
    """What a hit's rank counts: all of it, but for names that do not say the words."""
    source = source_for(hit.kind)
    if source is None or not source.is_name:
        return 1.0
    named = {analysis.stem(word) for word in analysis.plain_words(hit.title)}
    asked = {analysis.stem(word) for word in query.words}
    return 1.0 if asked <= named else MENTION_WEIGHT


def fused(lists: Mapping[str, Sequence[Hit]], query: SearchQuery, *, now: datetime) -> list[Hit]:
    """All hits in one order; their `score` becomes the fused one. An exact title comes first."""
    everything = (hit for hits in lists.values() for hit in hits)
    if query.sort == "newest":
        return sorted(everything, key=lambda h: (h.created_at, h.id), reverse=True)
    if query.sort == "helpful":
        return sorted(everything, key=lambda h: (h.helpful, h.cover, h.created_at, h.id), reverse=True)
    asked = " ".join(analysis.plain_words(query.text))
    ranked: list[tuple[bool, float, float, Hit]] = []
    for hits in lists.values():
        own = sorted((lifted(hit, now=now) for hit in hits), key=lambda hit: -hit.score)
        best = own[0].score if own else 0.0
        for rank, hit in enumerate(own, start=1):
            score = _weight(hit, query) / (K + rank)
            near = hit.score / best if best > 0 else 0.0
            exact = bool(asked) and " ".join(analysis.plain_words(hit.title)) == asked
            ranked.append((exact, score, near + hit.cover, replace(hit, score=round(score, 6))))
    ranked.sort(key=lambda row: (not row[0], -row[1], -row[2], row[3].kind, row[3].id))
    return [row[3] for row in ranked]
