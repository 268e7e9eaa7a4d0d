"""After a test with real commits the database is again what the migrations left.

Django's own way, `flush`, empties all 150 tables and has every app make its first rows anew: more than half a second
of a processor each time here, and as much on PostgreSQL. Here one query tells which tables hold rows, and only those
are emptied; rows of the migrations are compared and put back where a test changed them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

# What triggers keep so that no process takes old rows for true: an earlier state of them would be a lie.
KEPT = frozenset({"django_migrations", "search_epoch", "search_change"})
_TABLES = {
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) ORDER BY 1",
    # A virtual table has tables of its own behind it, and both follow `search_entry`.
    "sqlite": "SELECT name FROM pragma_table_list"
    " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1",
}


class Emptying:
    """What the migrations left in each table, and the way back to it."""

    def __init__(self) -> None:
        self.tables = [name for (name,) in _rows(_TABLES[connection.vendor]) if name not in KEPT]
        self._holding = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {_quoted(name)})" for name in self.tables
        )
        self.left = {name: _content(name) for name in self.holding()}

    def holding(self) -> list[str]:
        """The tables that hold rows."""
        return [name for (name,) in _rows(self._holding)]

    def run(self) -> None:
        """Empty what holds rows, and put back what the migrations left."""
        with transaction.atomic():
            if connection.vendor == "postgresql":  # who still writes is waited for, as TRUNCATE would
                _run(f"LOCK TABLE {', '.join(map(_quoted, self.tables))} IN SHARE ROW EXCLUSIVE MODE")
            changed = [name for name in self.holding() if name not in self.left]
            changed += [name for name, rows in self.left.items() if _content(name) != rows]
            for name in changed:
                _run(f"DELETE FROM {_quoted(name)}")
            for name in changed:
                _put(name, self.left.get(name, []))
        ContentType.objects.clear_cache()


def install() -> ExitStack:
    """From now on Django's tests with real commits end so; closing what is returned takes that back."""
    emptying, undo = Emptying(), ExitStack()
    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        emptying.run()

    TransactionTestCase._fixture_teardown = teardown
    undo.callback(setattr, TransactionTestCase, "_fixture_teardown", original)
    return undo


def _content(name: str) -> list[tuple[Any, ...]]:
    return sorted(_rows(f"SELECT * FROM {_quoted(name)}"), key=repr)


def _put(name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        places = ", ".join(["%s"] * len(rows[0]))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {_quoted(name)} VALUES ({places})", rows)
            if connection.vendor == "postgresql":
                _count_on(cursor, name)


def _count_on(cursor: Any, name: str) -> None:
    """A test that flushes by itself begins the numbers anew: the next ones come after the rows that stand again."""
    for numbered in connection.introspection.get_sequences(cursor, name):
        column = numbered["column"]
        cursor.execute(
            "SELECT setval(told, GREATEST(nextval(told),"
            f" (SELECT MAX({_quoted(column)}) FROM {_quoted(name)}))) FROM pg_get_serial_sequence(%s, %s) AS told",
            [_quoted(name), column],
        )


def _rows(statement: str) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
