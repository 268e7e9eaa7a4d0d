"""The engine in the product's own database: always written, so it can answer whenever another cannot.

One statement finds, ranks and counts; only the full-text part differs between SQLite and PostgreSQL (`Dialect`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, Protocol

from django.db import connection, transaction
from django.db.models import Value

from search import analysis, clock, languages
from search.engines import entries
from search.engines.base import Batches, Engine, Form, Found, Hit, Said, Written
from search.engines.entries import moment
from search.engines.forms import NUMBER
from search.models import Entry, EntryProduct, EntryTag, EntryToken
from search.query import FACETS, WITHIN, SearchQuery, Term, since
from search.sources import Document

MOST_VALUES: Final = 200  # of a facet; nobody is shown more
LISTS: Final = {"tag": "search_entrytag", "product": "search_entryproduct"}
Sql = tuple[str, list[Any]]


class Dialect(Protocol):
    """What the two databases say differently.

    Where scoring every match is dear (PostgreSQL), `scored` is a first look, and the best `close` hits of a kind are
    scored again by `closely`; 0 where the first look is all there is. `gathered` is what `closely` wants to know of an
    entry's rows of `scored`, as aggregates `terms` and `rarities`.
    """

    close: int
    gathered: str

    def scored(self, query: SearchQuery) -> Sql:
        """Rows (entry_id, term, score): one for each document and each term (numbered from 0) or phrase (from 1000).

        Synonyms may have rows of their own, numbered as `engines.forms` does.
        """

    def closely(self, hits: str, params: Sequence[Any], query: SearchQuery) -> Sql:
        """The rows (id, kind, cover, helpful, created_at, score) of the statement `hits` with better scores."""

    def holding(self, phrase: str) -> Sql:
        """The entry ids that hold these words beside each other."""

    def completing(self, words: Sequence[str]) -> Sql:
        """Rows (entry_id, term, score) whose title holds all words, the last one perhaps unfinished."""

    def places(self, entry: int, language: str, form: Form) -> list[str]:
        """The columns, or groups of columns, where an entry says a form."""

    def written(self, rows: Sequence[tuple[int, Document]]) -> None:
        """Called after entries were written, with their ids."""


def dialect() -> Dialect:
    """The dialect of the database in use."""
    if connection.vendor == "postgresql":
        from search.engines.postgres import PostgresDialect

        return PostgresDialect()
    from search.engines.sqlite import SqliteDialect

    return SqliteDialect()


@dataclass(slots=True)
class Where:
    """Conditions joined by AND, with their parameters."""

    said: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, sql: str, *params: Any) -> None:
        self.said.append(sql)
        self.params.extend(params)

    def among(self, sql: str, values: Sequence[Any]) -> None:
        """Add a condition whose {} stands for the list of values."""
        self.add(sql.format(", ".join(["%s"] * len(values)) or "NULL"), *values)

    @property
    def sql(self) -> str:
        return " AND ".join(self.said) or "1 = 1"


class DatabaseEngine(Engine):
    name = "database"

    def search(self, query: SearchQuery, audience: frozenset[str], *, kinds: Sequence[str], window: int) -> Found:
        sql, params = statement(query, sorted(audience), kinds, window, dialect())
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        return _found(rows, query)

    def explain(self, query: SearchQuery, forms: Sequence[Form], kind: str, object_id: int) -> list[Said]:
        entry = Entry.objects.filter(kind=kind, object_id=object_id, is_deleted=False).first()
        if entry is None:
            return []
        found = []
        for form in forms:
            places = dialect().places(entry.pk, entry.language, form)
            if places:
                points = _points(query, form, entry.pk) * (query.relevance.synonym if form.role == "synonym" else 1)
                found.append(Said(form, tuple((place, None) for place in places), points))
        return found

    def complete(self, text: str, audience: frozenset[str], *, kinds: Sequence[str], limit: int) -> list[Hit]:
        words = analysis.plain_words(text)[:10]
        if not words:
            return []
        words = [*(word for word in words[:-1] if word not in analysis.STOP_WORDS), words[-1]]
        source, source_params = dialect().completing(words)
        where = Where()
        where.among("e.kind IN ({})", list(kinds))
        _only_visible(where, sorted(audience))
        sql = f"""
            SELECT entry_id, score FROM (
                SELECT m.entry_id, m.score,
                       ROW_NUMBER() OVER (PARTITION BY e.kind ORDER BY m.score DESC, e.helpful DESC, e.id) AS place
                FROM ({source}) m JOIN search_entry e ON e.id = m.entry_id WHERE {where.sql}
            ) ranked WHERE place <= %s ORDER BY score DESC, entry_id"""
        with connection.cursor() as cursor:
            cursor.execute(sql, [*source_params, *where.params, limit])
            scores = dict(cursor.fetchall())
        hits = _hits({pk: (score, 0) for pk, score in scores.items()})
        return [hits[pk] for pk in scores if pk in hits]

    def missing(self, kinds: Sequence[str]) -> list[str]:
        held = set(Entry.objects.filter(kind__in=kinds).values_list("kind", flat=True).distinct())
        return [kind for kind in kinds if kind not in held]

    def write(self, kind: str, documents: Sequence[Document], gone: Iterable[int], *, version: int) -> Written:
        with transaction.atomic():
            tried = [(entries.upsert(entries.row(kind, doc, version)), doc) for doc in documents]
            written = [(pk, doc) for pk, doc in tried if pk is not None]
            for object_id in gone:
                pk = entries.upsert(entries.tombstone(kind, object_id, version))
                if pk is not None:
                    EntryToken.objects.filter(entry_id=pk).delete()
                    EntryTag.objects.filter(entry_id=pk).delete()
                    EntryProduct.objects.filter(entry_id=pk).delete()
            entries.replace_lists(written)
            entries.learn_words(doc.title for _pk, doc in written)
            dialect().written(written)
            languages.met(doc.language for _pk, doc in written)
        return Written()

    def digests(self, kind: str) -> Iterator[tuple[int, str]]:
        rows = Entry.objects.filter(kind=kind, is_deleted=False).order_by("object_id")
        return rows.values_list("object_id", "digest").iterator(chunk_size=2000)

    def refresh(self) -> None:
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


def _points(query: SearchQuery, form: Form, entry: int) -> float:
    """What one form is worth in one entry, by the same statements that rank."""
    words, params = dialect(), []
    parts = tuple(form.words.split())
    term = Term(form.words, parts) if form.role != "slip" else Term("\u200b", ("\u200b",), meant=(form.words,))
    one = replace(query, terms=(term,), phrases=())
    if form.role == "phrase":
        one = replace(query, terms=(), phrases=(form.words,))
    scored, params = words.scored(one)
    base = f"""
        SELECT e.id, e.kind, 1 AS cover, e.helpful, e.created_at, m.score, m.terms, m.rarities
        FROM (SELECT entry_id, SUM(score) AS score {words.gathered} FROM ({scored}) s
              WHERE entry_id = %s GROUP BY entry_id) m
        JOIN search_entry e ON e.id = m.entry_id"""
    hits, params = words.closely(base, [*params, entry], one)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT f.score FROM ({hits}) f", params)
        row = cursor.fetchone()
    return float(row[0]) if row else 0.0


def statement(
    query: SearchQuery, audience: Sequence[str], kinds: Sequence[str], window: int, words: Dialect
) -> Sql:
    """The one SQL statement of a search. Rows: (what, value, number, entry id, score, cover)."""
    scored, params = _scored(query, words)
    seen = Where()
    seen.among("e.kind IN ({})", list(kinds))
    _only_visible(seen, audience)
    base = Where()
    base.add("e.cover >= %s", query.need if query.terms else 0)
    _only_asked(base, query, words)
    hits, hit_params = _best(query, window, words)
    counts, count_params = _counts(query)
    sql = f"""
        WITH scored AS MATERIALIZED ({scored}),
        seen AS MATERIALIZED (
            SELECT e.id, e.kind, e.container, e.container_name, e.state, e.author, e.language, e.created_at, e.helpful,
                   m.score, m.cover, m.terms, m.rarities
            FROM (SELECT entry_id, SUM(score) AS score, {_cover(query)} AS cover
                         {words.gathered}
                  FROM scored GROUP BY entry_id) m
            JOIN search_entry e ON e.id = m.entry_id WHERE {seen.sql}
        ),
        base AS MATERIALIZED (SELECT * FROM seen e WHERE {base.sql})
        {hits} UNION ALL {counts}"""
    return sql, [*params, *seen.params, *base.params, *hit_params, *count_params]


def _cover(query: SearchQuery) -> str:
    """How many terms an entry holds, each in whichever of its forms."""
    if query.has_also:
        return f"COUNT(DISTINCT CASE WHEN {NUMBER} < 1000 THEN {NUMBER} END)"
    return "SUM(CASE WHEN term < 1000 THEN 1 ELSE 0 END)"


def _best(query: SearchQuery, window: int, words: Dialect) -> Sql:
    """The best of each kind, with their places."""
    orders = {"newest": "created_at DESC", "helpful": "helpful DESC, created_at DESC"}
    order = orders.get(query.sort, "score DESC")
    chosen = _chosen(query)
    size = max(window, words.close)
    hits = f"SELECT f.* FROM base f WHERE {chosen.sql}"
    params: list[Any] = chosen.params
    if words.close and query.has_words and query.sort == "relevance":
        first = f"""
            SELECT * FROM (SELECT f.*, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY {order}, id DESC) AS place
                           FROM base f WHERE {chosen.sql}) first WHERE place <= %s"""
        hits, params = words.closely(first, [*params, size], query)
    sql = f"""
        SELECT 'hit' AS what, kind AS value, place AS number, id, score, cover FROM (
            SELECT f.*, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY {order}, id DESC) AS place
            FROM ({hits}) f) ranked WHERE place <= %s"""
    return sql, [*params, window]


def _counts(query: SearchQuery) -> Sql:
    """Every count of one search, each dimension as if it had no filter of its own."""
    term, held = (NUMBER, "DISTINCT s.entry_id") if query.has_also else ("term", "*")
    parts: list[tuple[str, Where]] = [
        ("SELECT 'total', '', COUNT(*), 0, 0.0, 0 FROM base f WHERE {}", _chosen(query)),
        (f"SELECT 'term', CAST({term} AS TEXT), COUNT({held}), 0, 0.0, 0"
         f" FROM scored s JOIN seen f ON f.id = s.entry_id WHERE {{}} GROUP BY {term}", Where()),
        ("SELECT 'space', f.container || ' ' || MAX(f.container_name), COUNT(*), 0, 0.0, 0 FROM base f WHERE {}"
         " GROUP BY f.container", _chosen(query, but="space")),
        _dates(query),
    ]
    parts += [
        (f"SELECT * FROM (SELECT '{name}', f.{name}, COUNT(*) AS held, 0, 0.0, 0 FROM base f WHERE {{}}"
         f" GROUP BY f.{name} ORDER BY held DESC, f.{name} LIMIT {MOST_VALUES}) most_{name}", _chosen(query, but=name))
        for name in ("kind", "state", "author", "language")
    ]
    parts += [
        (f"SELECT '{name}', t.{name}, COUNT(*), 0, 0.0, 0 FROM base f JOIN {table} t ON t.entry_id = f.id"
         f" WHERE {{}} GROUP BY t.{name}", _chosen(query, but=name))
        for name, table in LISTS.items()
    ]
    sql = " UNION ALL ".join(part.format(where.sql) for part, where in parts)
    return sql, [value for _part, where in parts for value in where.params]


def _dates(query: SearchQuery) -> tuple[str, Where]:
    """How many began within each span and no shorter one."""
    chosen = _chosen(query, but="date")
    cases = " ".join(f"WHEN f.created_at >= %s THEN '{within}'" for within in WITHIN)
    where = Where(chosen.said, [*(moment(since(within)) for within in WITHIN), *chosen.params])
    return (
        f"SELECT 'date', d.span, COUNT(*), 0, 0.0, 0 FROM (SELECT CASE {cases} ELSE '' END AS span FROM base f"
        " WHERE {}) d GROUP BY d.span", where
    )


def _scored(query: SearchQuery, words: Dialect) -> Sql:
    if query.has_words:
        return words.scored(query)
    return "SELECT id AS entry_id, 0 AS term, 0.0 AS rarity, 0.0 AS score FROM search_entry WHERE NOT is_deleted", []


def _only_visible(where: Where, audience: Sequence[str]) -> None:
    where.among("e.id IN (SELECT entry_id FROM search_entrytoken WHERE token IN ({}))", audience)


def _only_asked(where: Where, query: SearchQuery, words: Dialect) -> None:
    """What is not a facet: phrases, exclusions, bounds of time."""
    for phrase in query.phrases:
        sql, params = words.holding(phrase)
        where.add(f"e.id IN ({sql})", *params)
    for phrase in query.excluded:
        sql, params = words.holding(phrase)
        where.add(f"e.id NOT IN ({sql})", *params)
    if query.after:
        where.add("e.created_at >= %s", moment(datetime.combine(query.after, time.min, UTC)))
    if query.before:
        where.add("e.created_at < %s", moment(datetime.combine(query.before, time.min, UTC) + timedelta(days=1)))


def _chosen(query: SearchQuery, *, but: str = "") -> Where:
    """The ticked filters, perhaps without one dimension."""
    where = Where()
    for name in FACETS:
        values = query.chosen(name)
        if not values or name == but:
            continue
        if name == "date":
            where.add("f.created_at >= %s", moment(since(values[0])))
        elif name == "author":
            where.among("LOWER(f.author) IN ({})", [value.lower() for value in values])
        elif name in LISTS:
            where.among(f"f.id IN (SELECT entry_id FROM {LISTS[name]} WHERE {name} IN ({{}}))", values)
        else:
            where.among(f"f.{'container' if name == 'space' else name} IN ({{}})", values)
    return where


def _found(rows: list[tuple], query: SearchQuery) -> Found:
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
