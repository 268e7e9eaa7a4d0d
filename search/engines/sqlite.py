"""Full text in SQLite: an FTS5 table over `search_entry`, kept by triggers, ranked by BM25 with weighted columns.

FTS5 knows one rarity and one mean length for all kinds together, where a few hundred long articles drown among
thousands of short topics. So its score of each word is taken apart and put together again with the numbers of the
hit's own kind, and with a gentler view of length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from search.engines.base import Form
from search.engines.forms import FORM, forms
from search.engines.statistics import statistics
from search.query import SearchQuery, Term
from search.relevance import DEFAULT, Relevance
from search.sources import Document

Sql = tuple[str, list[Any]]

WEIGHTS: Final = {
    "title": 6.0, "keywords": 4.0, "tag_words": 1.0, "summary": 1.5, "body": 1.0, "solution": 1.0, "replies": 0.7
}
MOST_SAID: Final = 2 / 3  # of what a word in the heaviest place counts, for one that is said again and again
_COLUMNS: Final = ", ".join(WEIGHTS)
_SETTINGS: Final = {"tag_words": "tags"}  # a column's name among the settings of relevance, where it is another

_OLD, _NEW = (", ".join(f"{row}.{column}" for column in WEIGHTS) for row in ("old", "new"))
_FORGET: Final = f"INSERT INTO search_text(search_text, rowid, {_COLUMNS}) VALUES ('delete', old.id, {_OLD});"
_LEARN: Final = f"INSERT INTO search_text(rowid, {_COLUMNS}) VALUES (new.id, {_NEW});"
CREATE: Final = (
    f"CREATE VIRTUAL TABLE search_text USING fts5({_COLUMNS}, content='search_entry', content_rowid='id', "
    "tokenize='porter unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER search_text_insert AFTER INSERT ON search_entry BEGIN {_LEARN} END",
    f"CREATE TRIGGER search_text_delete AFTER DELETE ON search_entry BEGIN {_FORGET} END",
    f"CREATE TRIGGER search_text_update AFTER UPDATE OF {_COLUMNS} ON search_entry BEGIN {_FORGET} {_LEARN} END",
)
DROP: Final = (
    "DROP TRIGGER search_text_insert", "DROP TRIGGER search_text_delete", "DROP TRIGGER search_text_update",
    "DROP TABLE search_text",
)

# FTS5: score = rarity * f * (k1 + 1) / (f + k1 * (1 - b + b * length / mean)), with k1 = 1.2 and b = 0.75 over all.
# From that f, the weighted number of times, follows; then the same with k1 = 1.5, b = 0.4 and the kind's numbers.
# A word that is every fifth of a text and not in its title counts less than one in the heaviest place: nobody gains
# by saying it hundreds of times.
_BY_KIND: Final = """
    WITH raw AS MATERIALIZED ({raw}),
    named AS MATERIALIZED ({named}),
    held AS MATERIALIZED (
        SELECT term, MAX(LN(MAX((%s - COUNT(*) + 0.5) / (COUNT(*) + 0.5), 0.000001)), 0.000001) AS rarity
        FROM raw GROUP BY term
    ),
    matched AS MATERIALIZED (
        SELECT r.entry_id, r.term, r.score, e.kind, e.length FROM raw r CROSS JOIN search_entry e ON e.id = r.entry_id
    ),
    rare AS MATERIALIZED (
        SELECT c.term, c.kind, COALESCE(k.mean, %s) AS mean, h.rarity,
               LN(1 + (MAX(COALESCE(k.documents, 1), c.n) - c.n + 0.5) / (c.n + 0.5)) AS kind_rarity
        FROM (SELECT term, kind, COUNT(*) AS n FROM matched GROUP BY term, kind) c
        JOIN held h ON h.term = c.term LEFT JOIN ({kinds}) k ON k.kind = c.kind
    )
    SELECT entry_id, term, kind_rarity * f * 2.5 / (f + 1.5 * (0.6 + 0.4 * length / mean)) AS score
    FROM (
        SELECT w.entry_id, w.term, w.length, w.mean, w.kind_rarity,
               CASE WHEN n.term IS NULL AND f > 20 AND f > w.length / 5.0 THEN MIN(f, %s) ELSE f END AS f
        FROM (
            SELECT m.entry_id, m.term, m.length, r.mean, r.kind_rarity,
                   m.score / r.rarity * 1.2 * (0.25 + 0.75 * m.length / %s) / MAX(2.2 - m.score / r.rarity, 0.001) AS f
            FROM matched m JOIN rare r ON r.term = m.term AND r.kind = m.kind
        ) w LEFT JOIN named n ON n.entry_id = w.entry_id AND n.term = w.term
    )"""

# A word or one of its synonyms, whichever is stronger.
_STRONGEST: Final = f"""
    SELECT entry_id, term %% {FORM} AS term, MAX(CASE WHEN term < {FORM} THEN score ELSE score * %s END) AS score
    FROM ({{scored}}) GROUP BY entry_id, term %% {FORM}"""


def _rank(relevance: Relevance) -> str:
    """The score, with what each column weighs."""
    return f"-bm25(search_text, {', '.join(f'{weight:.4f}' for weight in _weights(relevance))})"


def _weights(relevance: Relevance) -> list[float]:
    """What a word counts in each column, as the operator has set it."""
    return [weight * getattr(relevance, _SETTINGS.get(name, name)) for name, weight in WEIGHTS.items()]


def _quoted(words: Sequence[str]) -> str:
    """Words beside each other, as an FTS5 string: nothing in it is an operator."""
    return '"' + " ".join(words).replace('"', " ").replace("\0", " ") + '"'


def _each(select: str, asked: Sequence[tuple[int, str]]) -> Sql:
    """One `select` of a term's number for each that is asked."""
    sql = " UNION ALL ".join([f"{select} FROM search_text WHERE search_text MATCH %s"] * len(asked))
    return sql, [value for pair in asked for value in pair]


class SqliteDialect:
    close = 0
    gathered = ", NULL AS terms, NULL AS rarities"

    def closely(self, hits: str, params: Sequence[Any], query: SearchQuery) -> Sql:
        """The first look is all there is."""
        return hits, [*params]

    def scored(self, query: SearchQuery) -> Sql:
        known = statistics()
        asked = self._asked(query.terms, query.phrases)
        raw, params = _each(f"SELECT rowid AS entry_id, %s AS term, {_rank(query.relevance)} AS score", asked)
        within = [(number, f"{{title keywords}} : ({words})") for number, words in asked]
        named, named_params = _each("SELECT rowid AS entry_id, %s AS term", within)
        kinds, kind_params = known.table()
        scored = _BY_KIND.format(raw=raw, named=named, kinds=kinds)
        most = MOST_SAID * max(_weights(query.relevance))
        params += [*named_params, known.rows, known.mean, *kind_params, most, known.mean]
        if query.has_also:
            return _STRONGEST.format(scored=scored), [query.relevance.synonym, *params]
        return scored, params

    def _asked(self, terms: Sequence[Term], phrases: Sequence[str]) -> list[tuple[int, str]]:
        """What FTS5 is asked for: each term, phrase and synonym with its number."""
        asked = [(number, self._term(term)) for number, term in enumerate(terms)]
        asked += [(1000 + number, _quoted([phrase])) for number, phrase in enumerate(phrases)]
        return [*asked, *((number, _quoted([also])) for number, also in forms(terms))]

    def _term(self, term: Term) -> str:
        if not term.meant:
            return _quoted(term.parts)
        meant = " OR ".join(_quoted([word]) for word in term.meant)
        return f"{_quoted(term.parts)} OR ({{title keywords}} : ({meant}))"

    def holding(self, phrase: str) -> Sql:
        return "SELECT rowid FROM search_text WHERE search_text MATCH %s", [_quoted([phrase])]

    def completing(self, words: Sequence[str]) -> Sql:
        asked = " AND ".join([*(_quoted([word]) for word in words[:-1]), f"{_quoted([words[-1]])} *"])
        rank = _rank(DEFAULT)
        sql = f"SELECT rowid AS entry_id, 0 AS term, {rank} AS score FROM search_text WHERE search_text MATCH %s"
        return sql, [f"{{title keywords}} : ({asked})"]

    def places(self, entry: int, language: str, form: Form) -> list[str]:
        names = ("title", "keywords") if form.role == "slip" else tuple(WEIGHTS)
        select = "SELECT %s FROM search_text WHERE search_text MATCH %s AND rowid = %s"
        params = [value for name in names for value in (name, f"{name} : {_quoted([form.words])}", entry)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([select] * len(names)), params)
            return [row[0] for row in cursor.fetchall()]

    def written(self, rows: Sequence[tuple[int, Document]]) -> None:
        """The triggers have done it."""
