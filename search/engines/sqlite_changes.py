"""How SQLite tells what changed: a trigger notes each change of `search_entry` in `search_change` under a stamp drawn
at random. As long as the last change that is known is still there, what came after it is all that changed; SQLite's
writers follow each other, so order in the log is order of commits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection

from search.engines import columns
from search.engines.columns import CODED, LISTS, PIECE, PLAIN, Changes, Row

_ENTRY: Final = ", ".join((*CODED, *PLAIN))
_READ: Final = columns.reading(_ENTRY, "IN (SELECT value FROM json_each(%s))")


class SqliteSource:
    """A mark is (number, stamp) of a change."""

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])

    def since(self, mark: Any) -> Changes:
        with connection.cursor() as cursor:
            if mark is not None:
                cursor.execute(
                    "SELECT id, stamp, entry_id FROM search_change WHERE id >= %s ORDER BY id LIMIT %s",
                    [mark[0], columns.MOST_CHANGED],
                )
                rows = [(seq, bytes(stamp), entry) for seq, stamp, entry in cursor.fetchall()]
                if rows and rows[0][:2] == mark and len(rows) < columns.MOST_CHANGED:
                    return Changes(rows[-1][:2], [entry for _seq, _stamp, entry in rows[1:]])
            cursor.execute("SELECT id, stamp FROM search_change ORDER BY id DESC LIMIT 1")
            last = cursor.fetchone()
        return Changes((last[0], bytes(last[1])) if last else (0, b""), None)

    def pieces(self, name: str) -> Iterator[Sequence[Row]]:
        told = f"entry_id, {name} FROM {LISTS[name]}" if name else f"id, {_ENTRY} FROM search_entry ORDER BY id"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {told}")
            while rows := cursor.fetchmany(PIECE):
                yield rows

    def rows(self, changed: Sequence[int]) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [json.dumps(changed)] * (1 + len(LISTS)))
            return cursor.fetchall()

    def holding(self, expressions: Sequence[tuple[str, str]]) -> Sequence[str | None]:
        """An expression is a table and what it is asked, as FTS5 reads it."""
        asked = ", ".join(
            f"(SELECT group_concat(rowid) FROM {table} WHERE {table} MATCH %s)" for table, _words in expressions
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {asked}", [words for _table, words in expressions])
            told: Sequence[str | None] = cursor.fetchone()
        return told
