"""How PostgreSQL tells what changed: each entry bears the transaction that wrote it last.

Transactions commit in another order than they begin, so no number says what is newer. A state is known by the snapshot
it was read in: what was written by a transaction that was not over then, and is to be seen now, changed since. Living
entries that are taken away leave no row; that draws a new stamp in `search_epoch`, and everything is read anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection

from search.engines import columns
from search.engines.columns import CODED, LISTS, PIECE, PLAIN, Changes, Row

_MICROS: Final = "(EXTRACT(epoch FROM created_at) * 1000000)::bigint"
_ENTRY: Final = ", ".join((
    *CODED, *({"is_deleted": "is_deleted::int", "created_at": _MICROS}.get(name, name) for name in PLAIN)
))
_READ: Final = columns.reading(_ENTRY, "= ANY(%s::bigint[])")
# The upper bound is for rows that came out of a backup of another server, whose transactions bear higher numbers.
_SINCE: Final = """
    SELECT pg_current_snapshot()::text, e.stamp::text,
           pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(%(known)s::pg_snapshot),
           ARRAY(SELECT id FROM search_entry
                 WHERE changed_in >= pg_snapshot_xmin(%(known)s::pg_snapshot)
                   AND changed_in < pg_snapshot_xmax(pg_current_snapshot())
                   AND NOT pg_visible_in_snapshot(changed_in, %(known)s::pg_snapshot)
                   AND changed_in IS DISTINCT FROM pg_current_xact_id_if_assigned()
                 LIMIT %(most)s),
           ARRAY(SELECT id FROM search_entry WHERE changed_in = pg_current_xact_id_if_assigned()),
           COALESCE(e.changed_in = pg_current_xact_id_if_assigned(), FALSE)
    FROM search_epoch e"""
_HEAD: Final = """
    SELECT pg_current_snapshot()::text, e.stamp::text,
           COALESCE(e.changed_in = pg_current_xact_id_if_assigned(), FALSE)
           OR EXISTS (SELECT 1 FROM search_entry WHERE changed_in = pg_current_xact_id_if_assigned())
    FROM search_epoch e"""


class PostgresSource:
    """A mark is (snapshot, stamp)."""

    def __init__(self) -> None:
        given = connection.settings_dict
        self.name = f"{given['HOST']}:{given['PORT']}/{given['NAME']}"

    def since(self, mark: Any) -> Changes:
        with connection.cursor() as cursor:
            if mark is None:
                cursor.execute(_HEAD)
                snapshot, stamp, is_own = cursor.fetchone()
                return Changes((snapshot, stamp), None, is_own=is_own)
            cursor.execute(_SINCE, {"known": mark[0], "most": columns.MOST_CHANGED})
            snapshot, stamp, is_earlier, others, own, is_own = cursor.fetchone()
        is_all = is_earlier or stamp != mark[1] or len(others) >= columns.MOST_CHANGED
        return Changes((snapshot, stamp), None if is_all else others, own, is_own=is_own or bool(own))

    def pieces(self, name: str) -> Iterator[Sequence[Row]]:
        told = f"id, entry_id, {name} FROM {LISTS[name]}" if name else f"id, id, {_ENTRY} FROM search_entry"
        last = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {told} WHERE id > %s ORDER BY id LIMIT {PIECE}", [last])
                rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield [row[1:] for row in rows]

    def rows(self, changed: Sequence[int]) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [list(changed)] * (1 + len(LISTS)))
            return cursor.fetchall()

    def holding(self, expressions: Sequence[tuple[str, str, tuple[str, ...]]]) -> Sequence[str | None]:
        """An expression is the place ("said", "named"), a tsquery in SQL and its parameters."""
        asked = ", ".join(f"search_{place}({query})" for place, query, _params in expressions)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {asked}", [value for *_query, params in expressions for value in params])
            told: Sequence[str | None] = cursor.fetchone()
        return told
