"""PostgreSQL's search as one SQL statement that finds, ranks and counts; and the other two that read its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

from search.engines.entries import LISTS, MOST_VALUES, moment
from search.engines.forms import NUMBER, PHRASE
from search.query import FACETS, WITHIN, SearchQuery, since

Sql = tuple[str, list[Any]]


class Words(Protocol):
    """The full-text part.

    Scoring every match is dear, so `scored` is a first look, and the best `close` hits of a kind are scored again by
    `closely`. `gathered` is what `closely` wants to know of an entry's rows of `scored`, as aggregates `terms` and
    `rarities`.
    """

    close: int
    gathered: str

    def scored(self, query: SearchQuery) -> Sql:
        """Rows (entry_id, term, rarity, score): one for each document and each term (numbered from 0) or phrase (from
        1000). Synonyms have rows of their own, numbered as `engines.forms` does.
        """

    def closely(self, hits: str, params: Sequence[Any], query: SearchQuery) -> Sql:
        """The rows (id, kind, cover, helpful, created_at, score) of the statement `hits` with better scores."""

    def holding(self, phrase: str) -> Sql:
        """The entry ids that hold these words beside each other."""


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


def statement(query: SearchQuery, audience: Sequence[str], kinds: Sequence[str], window: int, words: Words) -> Sql:
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
        return f"COUNT(DISTINCT CASE WHEN {NUMBER} < {PHRASE} THEN {NUMBER} END)"
    return f"SUM(CASE WHEN term < {PHRASE} THEN 1 ELSE 0 END)"


def _best(query: SearchQuery, window: int, words: Words) -> Sql:
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


def _scored(query: SearchQuery, words: Words) -> Sql:
    if query.has_words:
        return words.scored(query)
    return "SELECT id AS entry_id, 0 AS term, 0.0 AS rarity, 0.0 AS score FROM search_entry WHERE NOT is_deleted", []


def _only_visible(where: Where, audience: Sequence[str]) -> None:
    where.among("e.id IN (SELECT entry_id FROM search_entrytoken WHERE token IN ({}))", audience)


def _only_asked(where: Where, query: SearchQuery, words: Words) -> None:
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




def points(query: SearchQuery, entry: int, words: Words) -> Sql:
    """The row (score) of one entry, by what ranks it."""
    scored, params = words.scored(query)
    base = f"""
        SELECT e.id, e.kind, 1 AS cover, e.helpful, e.created_at, m.score, m.terms, m.rarities
        FROM (SELECT entry_id, SUM(score) AS score {words.gathered} FROM ({scored}) s
              WHERE entry_id = %s GROUP BY entry_id) m
        JOIN search_entry e ON e.id = m.entry_id"""
    hits, params = words.closely(base, [*params, entry], query)
    return f"SELECT f.score FROM ({hits}) f", params


def completing(source: Sql, audience: Sequence[str], kinds: Sequence[str], limit: int) -> Sql:
    """Rows (entry id, score) of the best of each kind among the rows (entry_id, score) of `source`."""
    where = Where()
    where.among("e.kind IN ({})", list(kinds))
    _only_visible(where, audience)
    sql = f"""
        SELECT entry_id, score FROM (
            SELECT m.entry_id, m.score,
                   ROW_NUMBER() OVER (PARTITION BY e.kind ORDER BY m.score DESC, e.helpful DESC, e.id) AS place
            FROM ({source[0]}) m JOIN search_entry e ON e.id = m.entry_id WHERE {where.sql}
        ) ranked WHERE place <= %s ORDER BY score DESC, entry_id"""
    return sql, [*source[1], *where.params, limit]
