"""Relevance, measured: a judged collection through the same mapping, analysis and query builder as production."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError

from search import parser, services, shaping
from search.engines import Engine, EngineAway
from search.engines.entries import learn_words
from search.models import TitleWord
from search.query import SearchQuery, long_query, plain_query
from search.relevance import Relevance
from search.semantic import store
from search.semantic.embedders import embedder
from search.sources import Document

BATCH: Final = 500
DEPTH: Final = 100
AUDIENCE: Final = "public"
Ranking = list[str]
Judged = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    id: str
    text: str
    body: str
    at: datetime


class Collection:
    """A folder with corpus.jsonl.gz, queries.jsonl.gz and qrels.tsv; document ids become numbers by kind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[tuple[str, int], str] = {}
        self.kind_of: dict[str, str] = {}
        self.judged: Judged = {}
        for line in (folder / "qrels.tsv").read_text().splitlines():
            parts = line.split("\t")
            if len(parts) == 3 and parts[2].lstrip("-").isdigit():
                self.judged.setdefault(parts[0], {})[parts[1]] = int(parts[2])

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Each document with its scratch kind."""
        for number, row in enumerate(_rows(self.folder / "corpus.jsonl.gz"), start=1):
            kind = scratch(row["kind"])
            self.names[kind, number] = row["id"]
            self.kind_of[row["id"]] = row["kind"]
            yield kind, _document(number, row)

    def keep(self, kinds: Sequence[str]) -> None:
        """Judge by documents of these kinds only; queries that have none are not asked."""
        self.judged = {
            name: kept
            for name, grades in self.judged.items()
            if (kept := {doc: grade for doc, grade in grades.items() if self.kind_of.get(doc) in kinds})
        }

    def queries(self) -> Iterator[Asked]:
        for row in _rows(self.folder / "queries.jsonl.gz"):
            if row["id"] in self.judged:
                yield Asked(row["id"], row["text"], row.get("body") or "", _moment(row.get("created")))


def scratch(kind: str) -> str:
    """The kind that a judged collection's kind is indexed under; no room registers it, so no page can find it."""
    return f"eval-{kind}"


@contextmanager
def known_words(collection: Collection) -> Iterator[None]:
    """Know the words of the collection's titles meanwhile: slips are forgiven into such words, on either engine."""
    before = dict(TitleWord.objects.values_list("word", "is_open"))
    learn_words(replace(document, audience=("public",)) for _kind, document in collection.documents())
    after = list(TitleWord.objects.values_list("pk", "word", "is_open"))
    added = [pk for pk, word, _is_open in after if word not in before]
    opened = [TitleWord(pk=pk, is_open=before[word]) for pk, word, now in after if before.get(word, now) != now]
    try:
        yield
    finally:
        for start in range(0, len(added), BATCH):
            TitleWord.objects.filter(pk__in=added[start : start + BATCH]).delete()
        TitleWord.objects.bulk_update(opened, ["is_open"], batch_size=BATCH)


def index(
    engine: Engine, collection: Collection, *, progress: Callable[[int], None], only: Sequence[str] = ()
) -> list[str]:
    """Build the scratch indexes, of all kinds or of those in `only`; returns their scratch kinds."""
    by_kind: dict[str, list[Document]] = {}
    for kind, document in collection.documents():
        if not only or collection.kind_of[collection.names[kind, document.id]] in only:
            by_kind.setdefault(kind, []).append(document)
    for kind, documents in by_kind.items():
        engine.clear(kind)
        handle = engine.open_rebuild(kind)
        version = int(handle) + 1 if handle.isdigit() else 1
        for written in engine.fill_rebuild(handle, kind, _batches(kind, documents, version, progress)):
            if written.refused or written.later:
                raise ValueError(f"Not all documents went in: {written.refused | written.later}")
        engine.close_rebuild(handle, kind)
    return list(by_kind)


def _batches(
    kind: str, documents: Sequence[Document], version: int, progress: Callable[[int], None]
) -> Iterator[tuple[int, Sequence[Document]]]:
    """The documents by pages, with their vectors where there is a model."""
    maker = embedder()
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        if maker is not None:
            store.refresh(maker, kind, batch)
        yield version, batch
        progress(len(batch))


def run(
    engine: Engine, collection: Collection, kinds: Sequence[str], *, long: bool, progress: Callable[[int], None],
    relevance: Relevance | None = None,
) -> dict[str, Ranking]:
    """The first hundred of every query, all kinds together; weighed as saved, or by `relevance`."""
    shape = shaping.current()
    if relevance is not None:
        shape = replace(shape, relevance=relevance)
    rankings = {}
    for asked in collection.queries():
        query = question(asked, long=long)
        answer = services.ask(
            query, frozenset({AUDIENCE}), kinds=kinds, now=asked.at, engine=engine, window=DEPTH, shape=shape
        )
        if answer.degraded:
            raise EngineAway(f"{engine.name} did not answer “{asked.text[:60]}” in time; no other is measured.")
        rankings[asked.id] = [collection.names[hit.key] for hit in answer.order[:DEPTH]]
        progress(1)
    return rankings


def question(asked: Asked, *, long: bool) -> SearchQuery:
    """As a person asks: what the box would hold, quotes and all (of more than fits, the words), or what the ask form
    knows."""
    if long:
        return long_query(asked.text, asked.body)
    try:
        return parser.parse(asked.text)
    except ValidationError:
        return plain_query(asked.text)


def scores(rankings: dict[str, Ranking], judged: Judged) -> dict[str, float]:
    """The means over all judged queries, in percent, as trec_eval computes them."""
    asked = [name for name in rankings if any(grade > 0 for grade in judged[name].values())]
    rows = [_one(rankings[name], judged[name]) for name in asked]
    if not rows:
        return {"queries": 0}
    means = {name: round(100 * sum(row[name] for row in rows) / len(rows), 2) for name in rows[0]}
    return {"queries": len(rows), **means}


def report(rankings: dict[str, Ranking], collection: Collection) -> dict[str, Any]:
    """Overall; per kind (its own judgments, in the list of all kinds); how often all judged kinds are in ten."""
    result: dict[str, Any] = {"overall": scores(rankings, collection.judged), "kinds": {}}
    for kind in sorted(set(collection.kind_of.values())):
        judged = {
            name: {doc: grade for doc, grade in grades.items() if collection.kind_of.get(doc) == kind}
            for name, grades in collection.judged.items()
        }
        result["kinds"][kind] = scores({n: r for n, r in rankings.items() if judged.get(n)}, judged)
    mixed = held = 0
    for name, ranking in rankings.items():
        right = {doc for doc, grade in collection.judged[name].items() if grade > 0}
        wanted = {collection.kind_of[doc] for doc in right if doc in collection.kind_of}
        if len(wanted) > 1:
            mixed += 1
            held += wanted == {collection.kind_of[doc] for doc in ranking[:10] if doc in right}
    result["every_kind_in_ten"] = {"queries": mixed, "share": round(100 * held / mixed, 2) if mixed else None}
    return result


def _one(ranking: Ranking, grades: dict[str, int]) -> dict[str, float]:
    right = {doc for doc, grade in grades.items() if grade > 0}
    places = [place for place, doc in enumerate(ranking, start=1) if doc in right]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:10]
    best = sum(grade / math.log2(place + 1) for place, grade in enumerate(ideal, start=1))
    gain = sum(max(grades.get(doc, 0), 0) / math.log2(place + 1) for place, doc in enumerate(ranking[:10], start=1))
    return {
        "map": sum(found / place for found, place in enumerate(places, start=1)) / len(right),
        "mrr": 1 / places[0] if places else 0.0,
        "p@1": float(bool(places) and places[0] == 1),
        "p@5": sum(place <= 5 for place in places) / 5,
        "ndcg@10": gain / best,
        "r@10": sum(place <= 10 for place in places) / len(right),
        "r@100": len(places) / len(right),
    }


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _document(number: int, row: dict[str, Any]) -> Document:
    at = _moment(row.get("created"))
    replies = row.get("replies") or ""
    return Document(
        id=number, title=row["title"] or "", body=row.get("body") or "", audience=(AUDIENCE,),
        created_at=at, updated_at=at,
        replies=replies if isinstance(replies, str) else "\n".join(map(str, replies)), summary=row.get("summary") or "",
        tags=tuple(row.get("tags") or ()), container=str(row.get("category") or "")[:80],
        is_official=row["kind"] == "article",
    )


def _moment(value: str | None) -> datetime:
    if not value:
        return datetime(2020, 1, 1, tzinfo=UTC)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
