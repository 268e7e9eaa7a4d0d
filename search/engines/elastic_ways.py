"""How one kind is asked: bodies for hits and counts, and the choice among them by what was found before. No client."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Bool

from search.engines import elastic_answers
from search.engines.elastic_counts import aggregations, anywhere, exactly, spread, told_whole
from search.engines.elastic_query import COLUMNS, HIT_COLUMNS, SHARD_SECONDS, chosen, matching
from search.query import SearchQuery

MANY: Final = 10_000  # matches of a kind: from here on, two searches at once are answered sooner than one
REMEMBERED: Final = 20  # searches: what the most of them found is expected of the next
SPARE: Final = 20  # hits that may hold too few of the words until they are asked again
WEIGHED: Final = 500  # hits by the sum of all places that are weighed as they are ranked
APART_SECONDS: Final = 600.0  # until signatures are tried again where they did not tell all
ALONE: Final = {"size": 0, "timeout": SHARD_SECONDS}
# Scores are told as part of the order only: asked for apart, every match is scored, and none may be passed over as too
# weak for the first places.
ORDERS: Final[dict[str, list[Any]]] = {
    "relevance": ["_score", {"object_id": "desc"}],
    "newest": [{"created_at": "desc"}, {"object_id": "desc"}],
    "helpful": [{"helpful": "desc"}, {"created_at": "desc"}, {"object_id": "desc"}],
}


class Bodies(NamedTuple):
    """One kind asked for its hits and all its counts in one pass, for its hits alone, and for its counts alone.

    `weak` are the best hits whether or not they hold enough of the words, `best` where they have to.
    """

    both: dict[str, Any]
    weak: dict[str, Any]
    best: dict[str, Any]
    counts: dict[str, Any]


def kind_searches(query: SearchQuery, audience: Sequence[str], *, size: int, is_signed: bool = True) -> Bodies:
    """The ways to ask one kind for the best `size` of it and for its counts, each facet without its own filter.

    Counts alone score nothing, and Elasticsearch keeps them for whoever asks the same next.
    """
    matches: Any = matching(query, audience).to_dict()
    narrowed = [each.to_dict() for each in chosen(query)]
    left = {"post_filter": {"bool": {"filter": narrowed}}} if narrowed else {}
    hits = {"size": size, "sort": ORDERS[query.sort], "timeout": SHARD_SECONDS, **HIT_COLUMNS}
    aggs = aggregations(query, is_signed=is_signed)
    counts = {"aggs": aggs, "track_total_hits": True, **left}
    best = {**_best(query, matches, narrowed), **hits, "track_total_hits": False}
    return Bodies(
        both={"query": matches, **hits, **counts}, weak=_weakened(query, best), best=best,
        counts={**ALONE, **(
            _counts_of_words(query, matches, aggs) if _is_words_alone(query)
            else {"query": {"bool": {"filter": [matches]}}, **counts}
        )},
    )


def _is_words_alone(query: SearchQuery) -> bool:
    return bool(query.terms) and not (query.phrases or query.excluded or query.has_filters)


def _is_weighed(query: SearchQuery) -> bool:
    """Whether weak hits are found by one sum and weighed by another."""
    return query.sort == "relevance" and _is_words_alone(query)


def _best(query: SearchQuery, matches: dict[str, Any], narrowed: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What finds hits alone. Words with nothing beside them but the audience are scored by themselves, and the audience
    is looked at where a hit would be among the first: Elasticsearch passes over weak matches in bulk only so."""
    is_plain = query.terms and query.sort == "relevance" and not (narrowed or query.after or query.before)
    if not is_plain:
        return {"query": {"bool": {"must": [matches], "filter": narrowed}} if narrowed else matches}
    words = {name: part for name, part in matches["bool"].items() if name != "filter"}
    return {"query": {"bool": words}, "post_filter": {"bool": {"filter": matches["bool"]["filter"]}}}


def _weakened(query: SearchQuery, best: dict[str, Any]) -> dict[str, Any]:
    """The same hits and some more, any word enough: found by the sum of what each place says, which Elasticsearch
    does in bulk, passing over the weak; then the first of these weighed as they are ranked.

    A word counts its strongest place and a share of the others, so at most their sum and at least that share of it.
    What is far behind by the sum cannot be in front. And the first hits nearly always hold enough of the words.
    """
    if not _is_weighed(query):
        return best
    words = best["query"]["bool"]["should"]
    ranked = {"bool": {"should": words, "minimum_should_match": 1}}
    found = {"bool": {"should": [place for each in words for place in anywhere(each)]}}
    rest = {name: part for name, part in best.items() if name not in {"query", "sort"}}
    again = {"rescore_query": ranked, "query_weight": 0, "rescore_query_weight": 1}
    size = best["size"] + SPARE
    return {**rest, "query": found, "rescore": {"window_size": max(WEIGHED, size), "query": again}, "size": size}


def _counts_of_words(query: SearchQuery, matches: dict[str, Any], aggs: dict[str, Any]) -> dict[str, Any]:
    """Counts of words with nothing beside them but the audience: found in bulk by themselves, then counted within it.
    """
    words = [anywhere(each) for each in matches["bool"]["should"]]
    one = [{"bool": {"should": places}} for places in words] if query.need > 1 else [p for each in words for p in each]
    seen = {"filter": {"bool": {"filter": matches["bool"]["filter"]}}, "aggs": aggs}
    found = {"bool": {"should": one, "minimum_should_match": query.need}}
    return {"query": found, "aggs": {"seen": seen}, "track_total_hits": False}


def exact_search(query: SearchQuery, audience: Sequence[str], unsure: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """How often one kind says these values of each facet, of which it told only its most frequent ones.

    What holds any of them is little, and only in that the words are looked for.
    """
    held = Bool(should=[Q("terms", **{COLUMNS[name]: list(values)}) for name, values in unsure.items()])
    found = Bool(filter=[held, matching(query, audience)])
    return {"query": found.to_dict(), "aggs": exactly(query, unsure), "track_total_hits": False, **ALONE}


def enough(said: dict[str, Any], query: SearchQuery, size: int) -> dict[str, Any] | None:
    """Of weak hits those that hold enough words, in the order of all hits; None where better ones may be behind them.
    """
    rows = said["hits"]["hits"]
    if not _is_weighed(query):
        return said
    held = [row for row in rows if len(row.get(elastic_answers.NAMED, ())) >= query.need]
    if len(held) < size and len(rows) >= size + SPARE:
        return None
    return {**said, "hits": {**said["hits"], "hits": sorted(held, key=_place)[:size]}}


def _place(row: dict[str, Any]) -> tuple[float, int]:
    """Weighed hits come without the order of equals."""
    return -row["_score"], -row.get("fields", {}).get("object_id", [0])[0]


Answer = dict[str, Any]
Way = tuple[str, str]  # a kind, and which of the bodies
Searched = Callable[[Sequence[tuple[str, str]]], list[Answer]]  # kinds, each with a body as it is sent


class Ways:
    """Asks each kind in the way that is soonest answered for as much as the last searches found. One a process."""

    def __init__(self, searched: Searched) -> None:
        self._searched = searched
        self._matched: dict[str, deque[int]] = {}  # by kind, in the last searches
        self._apart: dict[str, float] = {}  # by kind, until when each facet is counted by itself

    def told(
        self, query: SearchQuery, tokens: Sequence[str], kinds: Sequence[str], wanted: Sequence[str], window: int
    ) -> dict[str, Answer]:
        """What each kind that has an index says: hits and counts in one pass, or, where one of the last searches found
        many, in two beside each other, so that two cores work."""

        @cache
        def body(way: str, is_signed: bool) -> str:
            return json.dumps(getattr(bodies(is_signed), way))

        @cache
        def bodies(is_signed: bool) -> Bodies:
            return kind_searches(query, tokens, size=window, is_signed=is_signed)

        signed = {kind: self._apart.get(kind, 0.0) < time.monotonic() for kind in kinds}
        asked = [(kind, way) for kind in kinds for way in self._ways(kind, wanted)]
        said = self._asked(asked, lambda kind, way: body(way, signed[kind]))
        kept = {(kind, way): _kept(answer, way, query, window) for (kind, way), answer in said.items()}
        again = [(kind, "best" if way == "weak" else "counts") for (kind, way), answer in kept.items() if not answer]
        for kind, way in again:
            if way == "counts":
                self._apart[kind] = time.monotonic() + APART_SECONDS
        said |= {key: answer for key, answer in kept.items() if answer}
        return self._joined(kinds, said | self._asked(again, lambda _kind, way: body(way, False)))

    def _ways(self, kind: str, wanted: Sequence[str]) -> tuple[str, ...]:
        if kind not in wanted:
            return ("counts",)
        return ("both",) if max(self._matched.get(kind, (0,))) < MANY else ("weak", "counts")

    def _asked(self, asked: Sequence[Way], body: Callable[[str, str], str]) -> dict[Way, Answer]:
        """The answers of those that have an index."""
        answers = self._searched([(kind, body(kind, way)) for kind, way in asked]) if asked else []
        told = zip(asked, map(told_whole, answers), strict=True)
        return {key: answer for key, answer in told if answer["_shards"]["total"]}

    def _joined(self, kinds: Iterable[str], said: dict[Way, Answer]) -> dict[str, Answer]:
        """Hits and counts of each kind as one answer."""
        answers: dict[str, Answer] = {}
        for kind in kinds:
            parts = [said[kind, way] for way in ("best", "weak", "both", "counts") if (kind, way) in said]
            if (kind, "both") in said or (kind, "counts") in said:
                # Hits from the first, counts from the last: what was asked again stands before what it mends.
                answers[kind] = elastic_answers.together(parts[0], parts[-1]) if len(parts) > 1 else parts[0]
                found = self._matched.setdefault(kind, deque(maxlen=REMEMBERED))
                found.append(answers[kind]["hits"]["total"]["value"])
        return answers


def _kept(said: Answer, way: str, query: SearchQuery, window: int) -> Answer | None:
    """An answer as it is used; None where it does not tell all."""
    if way == "weak":
        return enough(said, query, window)
    return spread(said, query)
