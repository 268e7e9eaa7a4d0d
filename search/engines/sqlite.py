"""Full text in SQLite: an FTS5 table over `search_entry`, kept by triggers, ranked by BM25 with weighted columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from search.query import Term
from search.sources import Document

WEIGHTS: Final = {
    "title": 4.0, "keywords": 4.0, "tag_words": 1.0, "summary": 2.0, "body": 1.0, "solution": 1.0, "replies": 0.5
}
_COLUMNS: Final = ", ".join(WEIGHTS)
_RANK: Final = f"-bm25(search_text, {', '.join(str(weight) for weight in WEIGHTS.values())})"

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


def _quoted(words: Sequence[str]) -> str:
    """Words beside each other, as an FTS5 string: nothing in it is an operator."""
    return '"' + " ".join(words).replace('"', " ").replace("\0", " ") + '"'


class SqliteDialect:
    def scored(self, terms: Sequence[Term], phrases: Sequence[str]) -> tuple[str, list[Any]]:
        asked = [(number, self._term(term)) for number, term in enumerate(terms)]
        asked += [(1000 + number, _quoted([phrase])) for number, phrase in enumerate(phrases)]
        select = f"SELECT rowid AS entry_id, %s AS term, {_RANK} AS score FROM search_text WHERE search_text MATCH %s"
        return " UNION ALL ".join([select] * len(asked)), [value for pair in asked for value in pair]

    def _term(self, term: Term) -> str:
        if not term.meant:
            return _quoted(term.parts)
        meant = " OR ".join(_quoted([word]) for word in term.meant)
        return f"{_quoted(term.parts)} OR ({{title keywords}} : ({meant}))"

    def holding(self, phrase: str) -> tuple[str, list[Any]]:
        return "SELECT rowid FROM search_text WHERE search_text MATCH %s", [_quoted([phrase])]

    def completing(self, words: Sequence[str]) -> tuple[str, list[Any]]:
        asked = " AND ".join([*(_quoted([word]) for word in words[:-1]), f"{_quoted([words[-1]])} *"])
        sql = f"SELECT rowid AS entry_id, 0 AS term, {_RANK} AS score FROM search_text WHERE search_text MATCH %s"
        return sql, [f"{{title keywords}} : ({asked})"]

    def written(self, rows: Sequence[tuple[int, Document]]) -> None:
        """The triggers have done it."""
