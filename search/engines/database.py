"""The engine in the product's own database: always written, so it can answer whenever another cannot.

Writing, counting and ranking are the same in SQLite and PostgreSQL (`answering`); what holds a word, and what changed,
each is asked in its own way (`Dialect`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from django.db import connection, transaction
from django.db.models import Value

from search import analysis, clock, languages, tagnames
from search.engines import entries
from search.engines.base import Batches, Engine, Form, Found, Hit, Said, Written
from search.engines.entries import LISTS, Row
from search.models import Entry, EntryProduct, EntryTag, EntryToken
from search.query import FACETS, WITHIN, SearchQuery, Term
from search.sources import Document


class Dialect(Protocol):
    """What the two databases do differently."""

    def answered(self, query: SearchQuery, audience: Sequence[str], kinds: Sequence[str], window: int) -> list[Row]:
        """The best `window` of each kind as `hit`, and every count of the search."""

    def held(self, terms: Sequence[Term], audience: Sequence[str], kinds: Sequence[str]) -> list[int]:
        """How many entries hold each of the words."""

    def completed(
        self, words: Sequence[str], audience: Sequence[str], kinds: Sequence[str], limit: int
    ) -> list[tuple[int, float]]:
        """(entry id, score), best first, whose title holds all words, the last one perhaps unfinished."""

    def points(self, query: SearchQuery, entry: int) -> float:
        """What the words of a query are worth in one entry, by what ranks it."""

    def places(self, entry: int, language: str, form: Form) -> list[str]:
        """The columns, or groups of columns, where an entry says a form."""

    def written(self, rows: Sequence[tuple[int, Document]], gone: Sequence[int]) -> None:
        """Called after entries were written, with their ids, or taken away."""


def dialect() -> Dialect:
    """The dialect of the database in use."""
    if connection.vendor == "postgresql":
        from search.engines.postgres import PostgresDialect

        return PostgresDialect()
    from search.engines.sqlite import SqliteDialect

    return SqliteDialect()


class DatabaseEngine(Engine):
    name = "database"

    def search(self, query: SearchQuery, audience: frozenset[str], *, kinds: Sequence[str], window: int) -> Found:
        return _found(dialect().answered(query, sorted(audience), kinds, window), query)

    def held(self, terms: Sequence[Term], audience: frozenset[str], *, kinds: Sequence[str]) -> list[int]:
        return dialect().held(terms, sorted(audience), kinds)

    def explain(self, query: SearchQuery, forms: Sequence[Form], kind: str, object_id: int) -> list[Said]:
        entry = Entry.objects.filter(kind=kind, object_id=object_id, is_deleted=False).first()
        if entry is None:
            return []
        found = []
        for form in forms:
            places = dialect().places(entry.pk, entry.language, form)
            if places:
                share = query.relevance.synonym if form.role == "synonym" else 1
                points = dialect().points(_asking(query, form), entry.pk) * share
                found.append(Said(form, tuple((place, None) for place in places), points))
        return found

    def complete(self, text: str, audience: frozenset[str], *, kinds: Sequence[str], limit: int) -> list[Hit]:
        words = analysis.plain_words(text)[:10]
        if not words:
            return []
        words = [*(word for word in words[:-1] if word not in analysis.STOP_WORDS), words[-1]]
        scores = dict(dialect().completed(words, sorted(audience), kinds, limit))
        hits = _hits({pk: (score, 0) for pk, score in scores.items()})
        return [hits[pk] for pk in scores if pk in hits]

    def missing(self, kinds: Sequence[str]) -> list[str]:
        held = set(Entry.objects.filter(kind__in=kinds).values_list("kind", flat=True).distinct())
        return [kind for kind in kinds if kind not in held]

    def write(self, kind: str, documents: Sequence[Document], gone: Iterable[int], *, version: int) -> Written:
        with transaction.atomic():
            tried = [(entries.upsert(entries.row(kind, doc, version)), doc) for doc in documents]
            written = [(pk, doc) for pk, doc in tried if pk is not None]
            buried = [entries.upsert(entries.tombstone(kind, object_id, version)) for object_id in gone]
            taken = [pk for pk in buried if pk is not None]
            for model in (EntryToken, EntryTag, EntryProduct) if taken else ():
                model.objects.filter(entry_id__in=taken).delete()
            entries.replace_lists(written)
            entries.learn_words(doc for _pk, doc in written)
            dialect().written(written, taken)
            languages.met(doc.language for _pk, doc in written)
            tagnames.met(tag[:40] for _pk, doc in written for tag in doc.tags)
        return Written()

    def digests(self, kind: str) -> Iterator[tuple[int, str]]:
        rows = Entry.objects.filter(kind=kind, is_deleted=False).order_by("object_id")
        return rows.values_list("object_id", "digest").iterator(chunk_size=2000)

    def refresh(self, kinds: Sequence[str] = ()) -> None:
        """What is committed is findable."""

    def open_rebuild(self, kind: str) -> str:
        return str(clock.tick())

    def fill_rebuild(self, handle: str, kind: str, batches: Batches) -> Iterator[Written]:
        for version, documents in batches:
            yield self.write(kind, documents, (), version=version)

    def close_rebuild(self, handle: str, kind: str) -> int:
        stale = Entry.objects.filter(kind=kind, version__lt=int(handle), is_deleted=False)
        gone = list(stale.values_list("object_id", flat=True))
        for start in range(0, len(gone), 500):
            self.write(kind, (), gone[start : start + 500], version=clock.tick())
        return Entry.objects.filter(kind=kind, is_deleted=False).count()

    def clear(self, kind: str) -> None:
        Entry.objects.filter(kind=kind).delete()


def _asking(query: SearchQuery, form: Form) -> SearchQuery:
    """The same search for one form alone."""
    if form.role == "phrase":
        return replace(query, terms=(), phrases=(form.words,))
    parts = tuple(form.words.split())
    term = Term(form.words, parts) if form.role != "slip" else Term("\u200b", ("\u200b",), meant=(form.words,))
    return replace(query, terms=(term,), phrases=())


def _found(rows: list[Row], query: SearchQuery) -> Found:
    found = Found(facets={name: {} for name in FACETS}, terms=[0] * len(query.terms))
    ranked: dict[int, tuple[float, int]] = {}
    for what, value, number, pk, score, cover in sorted(rows, key=lambda row: row[2]):
        match what:
            case "hit":  # best first within a kind
                ranked[pk] = (float(score), int(cover))
            case "total":
                found.total = number
            case "term":
                if int(value) < len(found.terms):
                    found.terms[int(value)] = number
            case "space" if value.strip():
                slug, _space, name = value.partition(" ")
                found.facets["space"][slug], found.names[slug] = number, name
            case "date" if value:
                for within in list(WITHIN)[list(WITHIN).index(value) :]:  # what began within a day did within a week
                    found.facets[what][within] = found.facets[what].get(within, 0) + number
            case "kind" | "state" | "product" | "tag" | "author" | "language" if value:
                found.facets[what][value] = number
    hits = _hits(ranked)
    for pk in ranked:
        if pk in hits:
            found.hits.setdefault(hits[pk].kind, []).append(hits[pk])
    return found


def _hits(ranked: dict[int, tuple[float, int]]) -> dict[int, Hit]:
    """Hits by entry id, in two queries."""
    lists: dict[str, dict[int, list[str]]] = {name: {} for name in LISTS}
    tags = EntryTag.objects.filter(entry_id__in=ranked).values_list("entry_id", "tag", Value("tag"))
    products = EntryProduct.objects.filter(entry_id__in=ranked).values_list("entry_id", "product", Value("product"))
    for pk, value, name in tags.union(products, all=True):
        lists[name].setdefault(pk, []).append(value)
    names = (
        "kind", "title", "container", "state", "author", "language", "created_at", "updated_at", "helpful",
        "is_official",
    )
    hits = {}
    for row in Entry.objects.filter(pk__in=ranked).values("pk", "object_id", *names):
        pk, (score, cover) = row["pk"], ranked[row["pk"]]
        hits[pk] = Hit(
            id=row["object_id"], score=score, cover=cover, tags=tuple(lists["tag"].get(pk, ())),
            products=tuple(lists["product"].get(pk, ())), **{name: row[name] for name in names},
        )
    return hits
