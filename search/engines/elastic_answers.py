"""From Elasticsearch's answers to plain values: hits out of columns, and the counts of all kinds together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from typing import Any, Final

from search.engines import elastic_query
from search.engines.base import NEAREST, Found, Hit
from search.query import FACETS, WITHIN, SearchQuery

NAMED: Final = "matched_queries"
NONE: Final = ("",)  # what a column without a value says
# What every document of ours has.
OURS: Final = frozenset({"object_id", "created_at", "updated_at", "helpful", "is_official"})


def hits_of(kind: str, answer: dict[str, Any]) -> list[Hit]:
    """The hits of one kind; documents of somebody else's index under our name are passed over."""
    rows = ((row, row.get("fields", {})) for row in answer["hits"]["hits"])
    return [_hit(kind, row, said) for row, said in rows if said.keys() >= OURS]


def _points(row: dict[str, Any]) -> float:
    """A hit's score: told apart where nothing else orders, and first of what orders where the score does; it is the
    only fraction there. No score is told with other orders."""
    first = next(iter(row.get("sort", ())), 0)
    return row.get("_score") or (first if isinstance(first, float) else 0.0)


def _hit(kind: str, row: dict[str, Any], said: dict[str, list[Any]]) -> Hit:
    """A hit out of the columns, each of which is a list."""
    return Hit(
        kind=kind, id=said["object_id"][0], title=said.get("title.whole", NONE)[0], score=_points(row),
        cover=len(row.get(NAMED, ())), container=said.get("container", NONE)[0], state=said.get("state", NONE)[0],
        tags=tuple(said.get("tags", ())), products=tuple(said.get("products", ())),
        author=said.get("author", NONE)[0], language=said.get("language", NONE)[0],
        created_at=datetime.fromisoformat(said["created_at"][0]),
        updated_at=datetime.fromisoformat(said["updated_at"][0]),
        helpful=said["helpful"][0], is_official=said["is_official"][0],
    )


def held_in(answer: dict[str, Any]) -> set[str]:
    """The words, by their place in the query, that the hits hold."""
    return {name for row in answer["hits"]["hits"] for name in row.get(NAMED, ())}


def near_of(kind: str, answer: dict[str, Any]) -> list[Hit]:
    """Hits with their cosine, which Elasticsearch tells as (1 + cosine) / 2."""
    hits = (replace(hit, nearness=2 * hit.score - 1, score=0.0, cover=0) for hit in hits_of(kind, answer))
    return [hit for hit in hits if hit.nearness >= NEAREST]


def together(best: dict[str, Any], counts: dict[str, Any]) -> dict[str, Any]:
    """The answer to one search for hits and counts, from the answers to one for each."""
    return {**counts, "hits": {**best["hits"], "total": counts["hits"]["total"]}}


Unsure = dict[str, dict[str, list[str]]]  # by kind and facet: values that a kind may hold without having told


def counted(found: Found, answers: dict[str, dict[str, Any]], query: SearchQuery) -> Unsure:
    """Read the counts of all kinds into `found`. Returns what has to be asked again: of the values that are shown,
    those that a kind left out, which told only its own most frequent ones."""
    unsure: Unsure = {}
    found.facets["kind"] = {kind: count for kind, said in answers.items() if (count := _own(said))}
    for name in FACETS:
        if name == "kind":
            continue
        told = {kind: _values(said["aggregations"][name]) for kind, said in answers.items()}
        if name == "space":
            told = {kind: (_by_address(counts, found.names), rest) for kind, (counts, rest) in told.items()}
        found.facets[name] = _added((counts for counts, _rest in told.values()), query.chosen(name))
        for kind, (counts, rest) in told.items():
            untold = [value for value in found.facets[name] if value not in counts]
            if rest and untold:
                unsure.setdefault(kind, {})[name] = untold
    return unsure


def _by_address(labels: dict[str, int], names: dict[str, str]) -> dict[str, int]:
    """The counts of containers by address; puts their names into `names`. While one is being renamed, its documents
    have two labels: the name that more of them have counts."""
    counts: dict[str, int] = {}
    for label, count in labels.items():  # the most frequent first
        address, _end, name = label.partition("\n")
        counts[address] = counts.get(address, 0) + count
        if name:
            names.setdefault(address, name)
    return counts


def recounted(found: Found, said: dict[str, Any], unsure: dict[str, list[str]]) -> None:
    """Add what one kind told of the values that it had left out."""
    for name in unsure:
        for bucket in said[name]["values"]["buckets"]:
            found.facets[name][bucket["key"]] += bucket["doc_count"]


def _own(said: dict[str, Any]) -> int:
    """How many of a kind there are, whether or not it was chosen."""
    own = said["aggregations"].get("kind")
    return int(own["doc_count"] if own else said["hits"]["total"]["value"])


def _values(said: dict[str, Any]) -> tuple[dict[str, int], bool]:
    """How often each value of a facet is, and whether there are more values; no value is no choice."""
    values = said.get("values", said)
    if isinstance(values["buckets"], dict):  # spans of time, each of them counted, without the shorter ones
        within = accumulate(values["buckets"][span]["doc_count"] for span in WITHIN)
        return {span: count for span, count in zip(WITHIN, within, strict=True) if count}, False
    buckets = {bucket["key"]: bucket["doc_count"] for bucket in values["buckets"] if bucket["key"]}
    return buckets, values["sum_other_doc_count"] > 0


def _added(told: Iterable[dict[str, int]], chosen: Sequence[str]) -> dict[str, int]:
    """The counts of all kinds together: the most frequent first, and the chosen, whether or not they were told."""
    counts: dict[str, int] = {}
    for values in told:
        for value, count in values.items():
            counts[value] = counts.get(value, 0) + count
    often = sorted(counts, key=lambda value: (-counts[value], value))[: elastic_query.MOST_VALUES]
    return {value: counts.get(value, 0) for value in dict.fromkeys([*often, *chosen])}
