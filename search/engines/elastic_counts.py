"""Counting in Elasticsearch: what is asked, and how signatures are added up to the counts of each facet. No client."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Bool, Query

from search.engines.elastic_query import COLUMNS, chosen, holds
from search.query import FACETS, WITHIN, SearchQuery, since

COUNTED: Final = COLUMNS | {"space": "container_label"}  # a value of it is an address, a line's end and a name
BUCKETS_A_KIND: Final = 200  # each costs a look into a dictionary; what is left out is asked again
SIGNED: Final = ("space", "state", "language", "product")  # what a signature tells, in its order
MOST_SIGNATURES: Final = 500  # of a kind; where there are more, each facet is counted by itself


def aggregations(query: SearchQuery, *, is_signed: bool) -> dict[str, Any]:
    """What counts every facet without its own choice: those of few values by signatures, or each by itself."""
    asked = Search()
    if chosen(query):
        asked.aggs.bucket("kind", "filter", filter=Bool(filter=chosen(query, but="kind")))
    if is_signed:
        _count_signatures(asked.aggs, query)
    for name in FACETS:
        if name != "kind" and not (is_signed and name in SIGNED):
            _count_values(asked.aggs, name, chosen(query, but=name))
    aggs: dict[str, Any] = asked.to_dict()["aggs"]
    return aggs


def _count_signatures(aggs: Any, query: SearchQuery) -> None:
    """Count signatures in what the facets that they do not tell leave."""
    within, called = aggs, "signature"
    if chosen(query):
        others = [holds(name, query.chosen(name)) for name in FACETS if name not in SIGNED and query.chosen(name)]
        within, called = aggs.bucket(called, "filter", filter=Bool(filter=others)), "values"
    within.bucket(called, "terms", field="signature", size=MOST_SIGNATURES)


def _count_values(aggs: Any, name: str, others: Sequence[Query]) -> None:
    """Count the values of a facet in all that matches, or in what the other facets leave of it."""
    within, called = aggs, name
    if others:
        within, called = aggs.bucket(name, "filter", filter=Bool(filter=list(others))), "values"
    if name == "date":
        within.bucket(called, "date_range", field="created_at", ranges=_spans(), keyed=True)
        return
    within.bucket(called, "terms", field=COUNTED[name], size=BUCKETS_A_KIND)


def _spans() -> list[dict[str, str]]:
    """Spans of time that do not overlap, which is counted in a third of the time: each without the shorter ones."""
    begins = [since(span).isoformat() for span in WITHIN]
    ends = [{}, *({"to": begin} for begin in begins)]
    return [{"key": span, "from": begin, **end} for span, begin, end in zip(WITHIN, begins, ends, strict=False)]


def exactly(query: SearchQuery, values: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What counts just these values of each facet."""
    asked = Search()
    for name, wanted in values.items():
        within = asked.aggs.bucket(name, "filter", filter=Bool(filter=chosen(query, but=name)))
        within.bucket("values", "terms", field=COLUMNS[name], size=len(wanted), include=list(wanted))
    aggs: dict[str, Any] = asked.to_dict()["aggs"]
    return aggs


def anywhere(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What finds the same as a word's query, place by place with its weight: it is asked in bulk only so."""
    if "dis_max" in asked:
        return [each for part in asked["dis_max"]["queries"] for each in anywhere(part)]
    said = asked.get("multi_match", {})
    if said.get("type") != "best_fields":
        return [dict(asked)]
    return [_place(said, *place.partition("^")[::2]) for place in said["fields"]]


def _place(said: Mapping[str, Any], name: str, weight: str) -> dict[str, Any]:
    boost = float(weight or 1) * said.get("boost", 1.0)
    return {"match": {name: {"query": said["query"], "boost": boost}}}


def told_whole(said: dict[str, Any]) -> dict[str, Any]:
    """Counts that were asked within what the audience sees, in the form of a search of nothing else."""
    seen = said.get("aggregations", {}).get("seen")
    if seen is None:
        return said
    counts = {name: counted for name, counted in seen.items() if name != "doc_count"}
    return {**said, "aggregations": counts, "hits": {**said["hits"], "total": {"value": seen["doc_count"]}}}


def spread(said: dict[str, Any], query: SearchQuery) -> dict[str, Any] | None:
    """The answer with each facet told instead of signatures. None where these do not tell every document: there are
    too many of them, or an older index has none."""
    counts = dict(said["aggregations"])
    own = counts.pop("signature", None)
    if own is None:
        return said
    buckets = own.get("values", own)["buckets"]
    signatures = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    if sum(signatures.values()) != own.get("doc_count", said["hits"]["total"]["value"]):
        return None
    return {**said, "aggregations": {**counts, **_by_facet(signatures, query)}}


def _by_facet(signatures: Mapping[str, int], query: SearchQuery) -> dict[str, Any]:
    """The counts of each facet without its own choice, as Elasticsearch would tell them."""
    choices = {name: frozenset(query.chosen(name)) for name in SIGNED}
    told: dict[str, dict[str, int]] = {name: {} for name in SIGNED}
    for signature, count in signatures.items():
        values = _values(signature)
        missed = [name for name in SIGNED if choices[name] and choices[name].isdisjoint(_chosen_as(name, values))]
        for name in SIGNED if not missed else missed if len(missed) == 1 else ():
            for value in values[name]:
                told[name][value] = told[name].get(value, 0) + count
    return {name: {"buckets": _buckets(counts), "sum_other_doc_count": 0} for name, counts in told.items()}


def _buckets(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The most frequent first."""
    return [{"key": value, "doc_count": counts[value]} for value in sorted(counts, key=lambda v: (-counts[v], v))]


def _chosen_as(name: str, values: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """The values of a facet as they are chosen: a container by its address."""
    return [value.partition("\n")[0] for value in values[name]] if name == "space" else values[name]


@lru_cache(maxsize=2_000)
def _values(signature: str) -> dict[str, tuple[str, ...]]:
    """What a signature says of each facet; see `mapping.signed`."""
    *single, products = json.loads(signature)
    values = [(value,) if value else () for value in single]
    return dict(zip(SIGNED, [*values, tuple(products)], strict=True))
