"""A table on disk for what must be brought together: answers with their questions, however far apart they stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

_EVERY: Final = 5_000


class Scratch:
    """SQLite without a journal: lost when the process is, and then the dump is simply read again."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32000", "temp_store=FILE"):
            self.db.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        self.db.close()

    def script(self, sql: str) -> None:
        self.db.executescript(sql)

    def write(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> int:
        """Run a statement for every row, some thousands a transaction; returns how many were there already."""
        batch: list[tuple[Any, ...]] = []
        ignored = 0
        for row in rows:
            batch.append(row)
            if len(batch) >= _EVERY:
                ignored += self._flush(sql, batch)
                batch = []
        return ignored + self._flush(sql, batch)

    def _flush(self, sql: str, batch: list[tuple[Any, ...]]) -> int:
        self.db.execute("BEGIN")
        written = self.db.executemany(sql, batch).rowcount if batch else 0
        self.db.execute("COMMIT")
        return len(batch) - max(written, 0)

    def ask(self, sql: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        return self.db.execute(sql, values)

    def one(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.db.execute(sql, values).fetchone()
        return row[0] if row else None


def packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Any:
    return json.loads(text)
