"""From Elasticsearch's answers to plain values: hits out of columns, and the counts of all kinds together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from search.engines import elastic_query
from search.engines.base import Found, Hit
from search.query import FACETS, SearchQuery

NEAREST: Final = 0.4  # cosine; below it lies what has nothing to do with the question
NAMED: Final = "matched_queries"
NONE: Final = ("",)  # what a column without a value says
# What every document of ours has.
OURS: Final = frozenset({"object_id", "created_at", "updated_at", "helpful", "is_official"})


def hits_of(kind: str, answer: dict[str, Any]) -> list[Hit]:
    """The hits of one kind; documents of somebody else's index under our name are passed over."""
    rows = ((row, row.get("fields", {})) for row in answer["hits"]["hits"])
    return [_hit(kind, row, said) for row, said in rows if said.keys() >= OURS]


def _hit(kind: str, row: dict[str, Any], said: dict[str, list[Any]]) -> Hit:
    """A hit out of the columns, each of which is a list."""
    return Hit(
        kind=kind, id=said["object_id"][0], title=said.get("title.whole", NONE)[0], score=row.get("_score") or 0.0,
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
        has_more = any(rest for _buckets, rest in told.values())
        found.facets[name] = _added((buckets for buckets, _rest in told.values()), query.chosen(name) * has_more)
        for kind, (buckets, rest) in told.items():
            untold = [value for value in found.facets[name] if value not in buckets]
            if rest and untold:
                unsure.setdefault(kind, {})[name] = untold
    for said in answers.values():
        for key, bucket in _values(said["aggregations"]["space"])[0].items():
            if bucket["name"]["buckets"]:
                found.names[key] = bucket["name"]["buckets"][0]["key"]
    return unsure


def recounted(found: Found, said: dict[str, Any], unsure: dict[str, list[str]]) -> None:
    """Add what one kind told of the values that it had left out."""
    for name in unsure:
        for bucket in said[name]["values"]["buckets"]:
            found.facets[name][bucket["key"]] += bucket["doc_count"]


def _own(said: dict[str, Any]) -> int:
    """How many of a kind there are, whether or not it was chosen."""
    own = said["aggregations"].get("kind")
    return int(own["doc_count"] if own else said["hits"]["total"]["value"])


def _values(said: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], bool]:
    """The buckets of a facet by value, and whether there are more; no value is no choice."""
    values = said.get("values", said)
    if isinstance(values["buckets"], dict):  # spans of time, each of them counted
        return {key: bucket for key, bucket in values["buckets"].items() if bucket["doc_count"]}, False
    buckets = {bucket["key"]: bucket for bucket in values["buckets"] if bucket["key"]}
    return buckets, values["sum_other_doc_count"] > 0


def _added(told: Iterable[dict[str, dict[str, Any]]], chosen: Sequence[str]) -> dict[str, int]:
    """The counts of all kinds together: the most frequent first, and the chosen, whether or not they were told."""
    counts: dict[str, int] = {}
    for buckets in told:
        for value, bucket in buckets.items():
            counts[value] = counts.get(value, 0) + bucket["doc_count"]
    often = sorted(counts, key=lambda value: (-counts[value], value))[: elastic_query.MOST_VALUES]
    return {value: counts.get(value, 0) for value in dict.fromkeys([*often, *chosen])}
