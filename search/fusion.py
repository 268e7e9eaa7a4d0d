"""From one ranked list a kind to one list: scores of different kinds are never added, ranks are fused."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from typing import Final

from search import analysis
from search.engines.base import NEAREST, Hit
from search.query import SearchQuery
from search.relevance import Relevance
from search.sources import source_for

# Among the kinds, words and meaning are fused by rank too. A hit counts half by its place within its kind, so that no
# kind is pushed out by one where the lists agree more often, and half by how high both lists have it, but no more than
# what stands before it in its kind.
NEAR_K: Final = 10
SETTLED: Final = frozenset({"solved", "done", "shipped", "completed"})


def lifts(hit: Hit, weights: Relevance, *, now: datetime) -> dict[str, float]:
    """How much of its own score trust and age add to a hit, by the setting that says so; a match always weighs more."""
    age = max((now - hit.updated_at).total_seconds() / 86_400, 0)
    return {
        "fresh": weights.fresh * math.exp(-age / weights.fresh_days),
        "solved": weights.solved * (hit.state in SETTLED), "official": weights.official * hit.is_official,
        "helpful": weights.helpful * min(math.log1p(max(hit.helpful, 0)), 4),
    }


def lifted(hit: Hit, weights: Relevance, *, now: datetime) -> Hit:
    """The hit with its score raised a little for being settled, official, fresh and found helpful."""
    return replace(hit, score=hit.score * (1 + sum(lifts(hit, weights, now=now).values())))


def _weight(hit: Hit, query: SearchQuery) -> float:
    """What a hit's rank counts: all of it, but for names that do not say the words.

    People and places are found by name; one that merely mentions the words stands far behind what is about them.
    """
    source = source_for(hit.kind)
    if source is None or not source.is_name:
        return 1.0
    named = {analysis.stem(word) for word in analysis.plain_words(hit.title)}
    asked = [[" ".join(term.parts), *term.meant, *term.also] for term in query.terms]
    asked += [[phrase] for phrase in query.phrases]
    says_all = all(any(_stems(form) <= named for form in forms) for forms in asked)
    return 1.0 if says_all else query.relevance.mention


def _stems(words: str) -> set[str]:
    return {analysis.stem(word) for word in analysis.plain_words(words)}


def _joined(own: Sequence[Hit], near: Sequence[Hit], kind: str, meaning: float) -> list[tuple[float, Hit]]:
    """One kind's hits by words and by meaning, best first, with what each counts among the kinds.

    Their order goes by how close a hit comes to the best of either list. By rank alone, a kind with many things that
    are all about as near as each other (topics) lost to chance what its words had told apart.
    """
    source = source_for(kind)
    share = 0.0 if source is not None and source.is_name else meaning  # names are not embedded
    hits = {hit.key: hit for hit in [*near, *own]}
    close, agreed = dict.fromkeys(hits, 0.0), dict.fromkeys(hits, 0.0)
    for found, part, worth in ((own, 1 - share, _by_words), (near, share, _by_meaning)):
        best = worth(found[0]) if found else 0.0
        for rank, hit in enumerate(found, start=1):
            close[hit.key] += part * worth(hit) / best if best > 0 else 0.0
            agreed[hit.key] += part / (NEAR_K + rank)
    order = sorted(hits, key=lambda key: -close[key])
    least = accumulate((agreed[key] for key in order), min)
    placed = enumerate(zip(order, least, strict=True), start=1)
    return [((part + 1 / (NEAR_K + place)) / 2, hits[key]) for place, (key, part) in placed]


def _by_words(hit: Hit) -> float:
    return hit.score


def _by_meaning(hit: Hit) -> float:
    """Nothing for what is only just near enough to be told."""
    return hit.nearness - NEAREST


def is_exact(title: str, query: SearchQuery) -> bool:
    """Whether a title is what was typed, but for case, accents and punctuation."""
    asked = analysis.plain_words(query.text)
    return bool(asked) and analysis.plain_words(title) == asked


def fused(
    lists: Mapping[str, Sequence[Hit]], query: SearchQuery, *, now: datetime,
    near: Mapping[str, Sequence[Hit]] | None = None,
) -> list[Hit]:
    """All hits in one order; their `score` becomes the fused one. An exact title comes first.

    `near` are the hits by meaning, best first within each kind.
    """
    everything = (hit for hits in lists.values() for hit in hits)
    if query.sort == "newest":
        return sorted(everything, key=lambda h: (h.created_at, h.id), reverse=True)
    if query.sort == "helpful":
        return sorted(everything, key=lambda h: (h.helpful, h.created_at, h.id), reverse=True)
    ranked: list[tuple[bool, float, float, Hit]] = []
    for kind in dict.fromkeys([*lists, *(near or ())]):
        own = sorted((lifted(hit, query.relevance, now=now) for hit in lists.get(kind, ())), key=lambda hit: -hit.score)
        best = own[0].score if own else 0.0
        scored = _joined(own, near.get(kind, ()), kind, query.relevance.meaning) if near else [
            (1 / (query.relevance.k + rank), hit) for rank, hit in enumerate(own, start=1)
        ]
        for share, hit in scored:
            score = _weight(hit, query) * share
            of_best = hit.score / best if best > 0 else 0.0
            ranked.append((is_exact(hit.title, query), score, of_best + hit.cover, replace(hit, score=round(score, 6))))
    ranked.sort(key=lambda row: (not row[0], -row[1], -row[2], row[3].kind, row[3].id))
    return [row[3] for row in ranked]
