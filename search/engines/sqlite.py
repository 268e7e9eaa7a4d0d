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
_BY_KIND: Final = """
    SELECT entry_id, term,
           LN(1 + (MAX(documents, kind_holding) - kind_holding + 0.5) / (kind_holding + 0.5))
           * f * 2.5 / (f + 1.5 * (0.6 + 0.4 * length / kind_mean)) AS score
    FROM (
        SELECT w.entry_id, w.term, w.length, w.documents, w.kind_mean, w.kind_holding,
               w.part * 1.2 * (0.25 + 0.75 * w.length / w.mean) / MAX(2.2 - w.part, 0.001) AS f
        FROM (
            SELECT r.entry_id, r.term, e.length, COALESCE(k.documents, 1) AS documents,
                   COALESCE(k.mean, a.mean) AS kind_mean, a.mean AS mean,
                   COUNT(*) OVER (PARTITION BY r.term, e.kind) AS kind_holding,
                   r.score / MAX(
                       LN(MAX((a.documents - r.holding + 0.5) / (r.holding + 0.5), 0.000001)), 0.000001) AS part
            FROM (SELECT *, COUNT(*) OVER (PARTITION BY term) AS holding FROM ({raw})) r
            JOIN search_entry e ON e.id = r.entry_id
            LEFT JOIN ({kinds}) k ON k.kind = e.kind
            JOIN (SELECT %s AS documents, %s AS mean) a
        ) w
    )"""

# A word or one of its synonyms, whichever is stronger.
_STRONGEST: Final = f"""
    SELECT entry_id, term %% {FORM} AS term, MAX(CASE WHEN term < {FORM} THEN score ELSE score * %s END) AS score
    FROM ({{scored}}) GROUP BY entry_id, term %% {FORM}"""


def _rank(relevance: Relevance) -> str:
    """The score, with what each column weighs."""
    weights = (weight * getattr(relevance, _SETTINGS.get(name, name)) for name, weight in WEIGHTS.items())
    return f"-bm25(search_text, {', '.join(f'{weight:.4f}' for weight in weights)})"


def _quoted(words: Sequence[str]) -> str:
    """Words beside each other, as an FTS5 string: nothing in it is an operator."""
    return '"' + " ".join(words).replace('"', " ").replace("\0", " ") + '"'


class SqliteDialect:
    close = 0
    gathered = ", NULL AS terms, NULL AS rarities"

    def closely(self, hits: str, params: Sequence[Any], query: SearchQuery) -> Sql:
        """The first look is all there is."""
        return hits, [*params]

    def scored(self, query: SearchQuery) -> Sql:
        known = statistics()
        raw, params = self._raw(query.terms, query.phrases, query.relevance)
        kinds, kind_params = known.table()
        scored = _BY_KIND.format(raw=raw, kinds=kinds)
        params = [*params, *kind_params, known.rows, known.mean]
        if query.has_also:
            return _STRONGEST.format(scored=scored), [query.relevance.synonym, *params]
        return scored, params

    def _raw(self, terms: Sequence[Term], phrases: Sequence[str], relevance: Relevance) -> Sql:
        """Rows (entry_id, term, score) as FTS5 scores them."""
        asked = [(number, self._term(term)) for number, term in enumerate(terms)]
        asked += [(1000 + number, _quoted([phrase])) for number, phrase in enumerate(phrases)]
        asked += [(number, _quoted([also])) for number, also in forms(terms)]
        rank = _rank(relevance)
        select = f"SELECT rowid AS entry_id, %s AS term, {rank} AS score FROM search_text WHERE search_text MATCH %s"
        return " UNION ALL ".join([select] * len(asked)), [value for pair in asked for value in pair]

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
