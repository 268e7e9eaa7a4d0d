"""What SQLite's engine knows of every document but its words, kept in this process as columns of numbers.

Counting facets over ten thousand matches is what numpy does in a millisecond and SQLite in a second. What is kept is
true to the database: a trigger notes each change of `search_entry` in `search_change` under a stamp drawn at random,
and every search begins by looking whether the last change known here is still there, and which came after it. These
are read anew; where the last one is gone (undone, restored from a backup, too long ago) everything is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from search.engines.sqlite_schema import KEPT_CHANGES

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]

MOST_CHANGED: Final = KEPT_CHANGES // 2  # more than that, and reading everything is as quick
MOST_TRIES: Final = 5
PIECE: Final = 10_000  # rows read at once
MOST_HELD: Final = 400  # answers of the full-text index, of 12 kB each at 100,000 documents
CODED: Final = ("kind", "container", "container_name", "state", "author", "language")
LISTS: Final = {"token": "search_entrytoken", "tag": "search_entrytag", "product": "search_entryproduct"}
_PLAIN: Final = ("is_deleted", "created_at", "helpful", "length")
_ENTRY: Final = ", ".join((*CODED, *_PLAIN))
_CHANGED: Final = "IN (SELECT value FROM json_each(%s))"
# One statement, so that all it reads is of one moment: who may see a document goes with what it says.
_READ: Final = " UNION ALL ".join([
    f"SELECT '' AS what, id, {_ENTRY} FROM search_entry WHERE id {_CHANGED}",
    *(
        f"SELECT '{name}', entry_id, {name}{', NULL' * (len(CODED) + len(_PLAIN) - 1)} FROM {table}"
        f" WHERE entry_id {_CHANGED}"
        for name, table in LISTS.items()
    ),
])


class Names:
    """Texts by number. It only grows, so a number means the same in all columns that were ever made with it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        known = self._numbers.get(text)
        if known is None:
            known = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return known

    def known(self, texts: Sequence[str]) -> list[int]:
        """The numbers of those that there are."""
        return [self._numbers[text] for text in texts if text in self._numbers]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which documents, by place, have which values of a list."""

    places: Numbers
    codes: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """All entries as of one change, in the order of their ids: `coded` are texts by number (`names`), `created_at` is
    in microseconds. `exists` is false for rows that were taken away since the last full reading; tombstones exist.

    Arrays are never changed: a later state shares or copies them.
    """

    seq: int
    stamp: bytes
    ids: Numbers
    exists: Mask
    values: dict[str, Numbers]
    lists: dict[str, Pairs]
    names: dict[str, Names]
    _held: dict[str, NDArray[np.uint8]] = field(default_factory=dict)

    @property
    def living(self) -> Mask:
        return self.exists & (self.values["is_deleted"] == 0)

    def among(self, name: str, texts: Sequence[str]) -> Mask:
        """Which documents have one of the texts in a column or a list."""
        wanted = np.zeros(len(self.names[name].texts) + 1, dtype=np.bool_)
        wanted[self.names[name].known(texts)] = True
        if name in CODED:
            return wanted[self.values[name]]
        found = np.zeros(len(self.ids), dtype=np.bool_)
        pairs = self.lists[name]
        found[pairs.places[wanted[pairs.codes]]] = True
        return found

    def holding(self, expression: str) -> Mask:
        """Which documents the full-text index finds for an expression of FTS5."""
        packed = self._held.get(expression)
        if packed is None:
            packed = np.packbits(self._ask(expression))
            if len(self._held) >= MOST_HELD:
                self._held.clear()
            self._held[expression] = packed
        return np.unpackbits(packed, count=len(self.ids)).view(np.bool_)

    def _ask(self, expression: str) -> Mask:
        with connection.cursor() as cursor:
            cursor.execute("SELECT group_concat(rowid) FROM search_text WHERE search_text MATCH %s", [expression])
            told = cursor.fetchone()[0]
        found = np.zeros(len(self.ids), dtype=np.bool_)
        if told:
            found[self.places(np.fromstring(told, dtype=np.int64, sep=","))] = True
        return found

    def places(self, ids: Numbers) -> Numbers:
        """Where these entries stand; what came after this state was read is left out."""
        places = np.searchsorted(self.ids, ids)
        places[places == len(self.ids)] = 0
        return places[self.ids[places] == ids] if len(self.ids) else places[:0]


_lock: Final = Lock()
_latest: dict[str, Columns] = {}


def current() -> Columns:
    """The columns as of now, as this connection sees the database. One statement where nothing changed."""
    name = str(connection.settings_dict["NAME"])
    with _lock:
        known = _latest.get(name)
        changes = _changes(known)
        columns = _next(known, changes)
        for _try in range(MOST_TRIES):  # what came in between is read once more
            if columns is known or is_current(columns):
                break
            columns = _next(columns, _changes(columns))
        _latest[name] = columns
    return columns


def is_current(columns: Columns) -> bool:
    """Whether nothing changed since."""
    changes = _changes(columns)
    return changes is not None and len(changes) == 1


def _changes(columns: Columns | None) -> list[tuple[int, bytes, int]] | None:
    """The last change that is known, and all after it; None where it is not what it was."""
    if columns is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, stamp, entry_id FROM search_change WHERE id >= %s ORDER BY id LIMIT %s",
            [columns.seq, MOST_CHANGED],
        )
        rows = cursor.fetchall()
    same = bool(rows) and rows[0][0] == columns.seq and bytes(rows[0][1]) == columns.stamp
    return rows if same and len(rows) < MOST_CHANGED else None


def _next(columns: Columns | None, changes: list[tuple[int, bytes, int]] | None) -> Columns:
    """The state after some changes, or read from nothing."""
    if columns is None or changes is None:
        return _fresh(*_head())
    return columns if len(changes) == 1 else _changed(columns, changes)


def _head() -> tuple[int, bytes]:
    """The last change. It is asked for before rows are read: what comes in between is read once more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, stamp FROM search_change ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else (0, b"")


def _fresh(seq: int, stamp: bytes) -> Columns:
    """Everything, read in pieces: all of it as rows would be hundreds of megabytes."""
    empty = np.zeros(0, dtype=np.int64)
    names = {name: Names() for name in (*CODED, *LISTS)}
    pieces = [np.vstack(_table(rows, names)) for rows in _pieces(f"SELECT id, {_ENTRY} FROM search_entry ORDER BY id")]
    table = np.hstack(pieces) if pieces else np.zeros((1 + len(CODED) + len(_PLAIN), 0), dtype=np.int64)
    columns = Columns(
        seq, stamp, table[0].copy(), np.ones(table.shape[1], dtype=np.bool_),
        {name: column.copy() for name, column in zip((*CODED, *_PLAIN), table[1:], strict=True)}, {}, names,
    )
    for name, source in LISTS.items():
        found = [
            (np.array([row[0] for row in rows], dtype=np.int64), _numbers(name, [row[1] for row in rows], names))
            for rows in _pieces(f"SELECT entry_id, {name} FROM {source}")
        ]
        ids, codes = (np.concatenate(part) for part in zip(*found, strict=True)) if found else (empty, empty)
        there = np.isin(ids, columns.ids)  # what was written just now is read once more
        columns.lists[name] = Pairs(np.searchsorted(columns.ids, ids[there]), codes[there])
    return columns


def _pieces(sql: str) -> Iterator[list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(PIECE):
            yield rows


def _table(rows: Sequence[tuple[Any, ...]], names: dict[str, Names]) -> list[Numbers]:
    """Rows (id, values …) as numbers, column by column."""
    ids, *given = zip(*rows, strict=True)
    columns = zip((*CODED, *_PLAIN), given, strict=True)
    return [np.array(ids, dtype=np.int64), *(_numbers(name, values, names) for name, values in columns)]


def _rows(changed: Sequence[int]) -> list[tuple[Any, ...]]:
    """Rows (what, id, values …) of some entries."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [json.dumps(changed)] * (1 + len(LISTS)))
        return cursor.fetchall()


def _changed(old: Columns, changes: list[tuple[int, bytes, int]]) -> Columns:
    """The state after the changes, of which the first is known; entries that have no row any more are gone."""
    seq, stamp, _entry = changes[-1]
    changed = np.unique([entry for _seq, _stamp, entry in changes[1:]])
    rows = _rows(changed.tolist())
    entries = sorted(row[1:] for row in rows if not row[0])
    found, *given = _table(entries, old.names) if entries else [np.zeros(0, dtype=np.int64)] * (1 + len(old.values))
    new = found[~np.isin(found, old.ids[old.places(found)])]
    if len(new) and len(old.ids) and new[0] < old.ids[-1]:  # ids only ever grow, so nobody should see this
        return _fresh(*_head())
    ids = np.concatenate([old.ids, new])
    at, grown = np.searchsorted(ids, found), len(new)
    taken = np.zeros(len(ids), dtype=np.bool_)
    taken[old.places(changed)] = True
    exists = np.concatenate([old.exists, np.zeros(grown, dtype=np.bool_)]) & ~taken
    exists[at] = True
    values = {}
    for name, told in zip(old.values, given, strict=True):
        values[name] = np.concatenate([old.values[name], np.zeros(grown, dtype=np.int64)])
        values[name][at] = told
    lists = {name: _paired(old, name, taken, ids, rows) for name in LISTS}
    return Columns(seq, bytes(stamp), ids, exists, values, lists, old.names)


def _numbers(name: str, given: Sequence[Any], names: dict[str, Names]) -> Numbers:
    """One column's values as numbers."""
    if name in names:
        number = names[name].number
        return np.fromiter(map(number, given), dtype=np.int64, count=len(given))
    if name == "created_at":
        return np.array(given, dtype="datetime64[us]").astype(np.int64)
    return np.array(given, dtype=np.int64)


def _paired(old: Columns, name: str, taken: Mask, ids: Numbers, rows: Sequence[tuple[Any, ...]]) -> Pairs:
    """A list's pairs: those of entries that did not change, and the new ones."""
    pairs = old.lists[name]
    same = ~taken[pairs.places]
    entries = {row[1] for row in rows if not row[0]}  # a value without its entry is being taken away
    new = [(row[1], old.names[name].number(row[2])) for row in rows if row[0] == name and row[1] in entries]
    added = np.array(new, dtype=np.int64).reshape(-1, 2)
    return Pairs(
        np.concatenate([pairs.places[same], np.searchsorted(ids, added[:, 0])]),
        np.concatenate([pairs.codes[same], added[:, 1]]),
    )
