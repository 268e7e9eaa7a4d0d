"""What the database's engine knows of every document but its words, kept in this process as columns of numbers.

Counting facets over ten thousand matches is what numpy does in a millisecond and a database in a second. What is kept
is true to the database: every search begins by asking what changed since the state that is known here (`Source`), and
these entries are read anew; where the database cannot tell (undone, restored, too long ago) everything is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Row = tuple[Any, ...]

MOST_CHANGED: Final = 1_000  # more than that, and reading everything is as quick
MOST_TRIES: Final = 5
PIECE: Final = 10_000  # rows read at once
AT_ONCE: Final = 100  # expressions in one statement
MOST_HELD: Final = 400  # answers of the full-text index, of 12 kB each at 100,000 documents
CODED: Final = ("kind", "container", "container_name", "state", "author", "language")
LISTS: Final = {"token": "search_entrytoken", "tag": "search_entrytag", "product": "search_entryproduct"}
PLAIN: Final = ("is_deleted", "created_at", "helpful", "length")


def reading(entry: str, changed: str) -> str:
    """The SQL that reads some entries and their lists. `entry` names their columns, `changed` says of an id, in the
    database's own words and with one parameter, whether it is among them.

    One statement, so that all it reads is of one moment: who may see a document goes with what it says.
    """
    lists = (
        f"SELECT '{name}', entry_id, {name}{', NULL' * (len(CODED) + len(PLAIN) - 1)} FROM {table}"
        f" WHERE entry_id {changed}"
        for name, table in LISTS.items()
    )
    return " UNION ALL ".join([f"SELECT '' AS what, id, {entry} FROM search_entry WHERE id {changed}", *lists])


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a state: the mark of now, and the entries to read anew, or None for all of them. `own` are
    those that this very transaction changed, which nobody else sees yet: a state with them is kept for nobody.
    """

    mark: Any
    ids: Sequence[int] | None
    own: Sequence[int] = ()
    is_own: bool = False


class Source(Protocol):
    """What the two databases do differently."""

    name: str

    def since(self, mark: Any) -> Changes:
        """What changed since a mark, in one statement; since None everything."""

    def pieces(self, name: str) -> Iterator[Sequence[Row]]:
        """All rows, a piece at a time: of a list (entry id, value), or of "" (id, CODED …, PLAIN …) in order of id."""

    def rows(self, changed: Sequence[int]) -> list[Row]:
        """Rows (what, id, value …) of some entries and of their lists, all of one moment."""

    def holding(self, expressions: Sequence[Any]) -> Sequence[str | None]:
        """The ids of entries that the full-text index finds for each of the expressions, with commas between."""


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
    """All entries as of one mark, in the order of their ids: `coded` are texts by number (`names`), `created_at` is
    in microseconds. `exists` is false for rows that were taken away since the last full reading; tombstones exist.

    Arrays are never changed: a later state shares or copies them.
    """

    source: Source
    mark: Any
    ids: Numbers
    exists: Mask
    values: dict[str, Numbers]
    lists: dict[str, Pairs]
    names: dict[str, Names]
    _held: dict[Hashable, NDArray[np.uint8]] = field(default_factory=dict)

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

    def learn(self, expressions: Sequence[Hashable]) -> None:
        """Ask the full-text index for many expressions in one statement, so that each is known afterwards."""
        unknown = [expression for expression in dict.fromkeys(expressions) if expression not in self._held]
        for start in range(0, len(unknown), AT_ONCE):
            self._ask(unknown[start : start + AT_ONCE])

    def holding(self, expression: Hashable) -> Mask:
        """Which documents the full-text index finds for an expression."""
        packed = self._held.get(expression)
        if packed is None:
            packed = self._ask([expression])[0]
        return np.unpackbits(packed, count=len(self.ids)).view(np.bool_)

    def _ask(self, expressions: Sequence[Hashable]) -> list[NDArray[np.uint8]]:
        masks = []
        for told in self.source.holding(expressions):
            found = np.zeros(len(self.ids), dtype=np.bool_)
            if told:
                found[self.places(np.fromstring(told, dtype=np.int64, sep=","))] = True
            masks.append(np.packbits(found))
        if len(self._held) >= MOST_HELD:
            self._held.clear()
        self._held.update(zip(expressions, masks, strict=True))
        return masks

    def places(self, ids: Numbers) -> Numbers:
        """Where these entries stand; what came after this state was read is left out."""
        places = np.searchsorted(self.ids, ids)
        places[places == len(self.ids)] = 0
        return places[self.ids[places] == ids] if len(self.ids) else places[:0]


_lock: Final = Lock()
_latest: dict[str, Columns] = {}


def current(source: Source) -> Columns:
    """The columns as of now, as this connection sees the database. One statement where nothing changed."""
    with _lock:
        known = _latest.get(source.name)
        changes = source.since(known.mark if known else None)
        columns = _next(source, known, changes)
        for _try in range(MOST_TRIES):  # what came in between is read once more
            if columns is known or is_current(columns):
                break
            columns = _next(source, columns, source.since(columns.mark))
        if not changes.is_own:
            _latest[source.name] = columns
    return columns


def is_current(columns: Columns) -> bool:
    """Whether nobody else changed anything since."""
    changed = columns.source.since(columns.mark).ids
    return changed is not None and not changed


def _next(source: Source, columns: Columns | None, changes: Changes) -> Columns:
    """The state after some changes, or read from nothing."""
    if columns is None or changes.ids is None:
        return fresh(source)
    changed = [*changes.ids, *changes.own]
    return _changed(columns, changes.mark, changed) if changed else columns


def fresh(source: Source) -> Columns:
    """Everything, read in pieces: all of it as rows would be hundreds of megabytes.

    The mark is of before: what changes while it is read is read once more.
    """
    mark, empty = source.since(None).mark, np.zeros(0, dtype=np.int64)
    names = {name: Names() for name in (*CODED, *LISTS)}
    pieces = [np.vstack(_table(rows, names)) for rows in source.pieces("")]
    table = np.hstack(pieces) if pieces else np.zeros((1 + len(CODED) + len(PLAIN), 0), dtype=np.int64)
    columns = Columns(
        source, mark, table[0].copy(), np.ones(table.shape[1], dtype=np.bool_),
        {name: column.copy() for name, column in zip((*CODED, *PLAIN), table[1:], strict=True)}, {}, names,
    )
    for name in LISTS:
        found = [
            (np.array([row[0] for row in rows], dtype=np.int64), _numbers(name, [row[1] for row in rows], names))
            for rows in source.pieces(name)
        ]
        ids, codes = (np.concatenate(part) for part in zip(*found, strict=True)) if found else (empty, empty)
        there = np.isin(ids, columns.ids)  # what was written just now is read once more
        columns.lists[name] = Pairs(np.searchsorted(columns.ids, ids[there]), codes[there])
    return columns


def _table(rows: Sequence[Row], names: dict[str, Names]) -> list[Numbers]:
    """Rows (id, values …) as numbers, column by column."""
    ids, *given = zip(*rows, strict=True)
    columns = zip((*CODED, *PLAIN), given, strict=True)
    return [np.array(ids, dtype=np.int64), *(_numbers(name, values, names) for name, values in columns)]


def _changed(old: Columns, mark: Any, changes: Sequence[int]) -> Columns:
    """The state after entries changed; those that have no row any more are gone."""
    changed = np.unique(np.array(changes, dtype=np.int64))
    rows = old.source.rows(changed.tolist())
    entries = sorted(row[1:] for row in rows if not row[0])
    found, *given = _table(entries, old.names) if entries else [np.zeros(0, dtype=np.int64)] * (1 + len(old.values))
    # PostgreSQL draws ids before it commits them, so a new one may stand between old ones.
    ids = np.union1d(old.ids, found)
    at, moved = np.searchsorted(ids, found), np.searchsorted(ids, old.ids)
    taken = np.zeros(len(old.ids), dtype=np.bool_)
    taken[old.places(changed)] = True
    exists = np.zeros(len(ids), dtype=np.bool_)
    exists[moved] = old.exists & ~taken
    exists[at] = True
    values = {}
    for name, told in zip(old.values, given, strict=True):
        values[name] = np.zeros(len(ids), dtype=np.int64)
        values[name][moved] = old.values[name]
        values[name][at] = told
    lists = {name: _paired(old, name, taken, moved, ids, rows) for name in LISTS}
    return Columns(old.source, mark, ids, exists, values, lists, old.names)


def _numbers(name: str, given: Sequence[Any], names: dict[str, Names]) -> Numbers:
    """One column's values as numbers."""
    if name in names:
        number = names[name].number
        return np.fromiter(map(number, given), dtype=np.int64, count=len(given))
    if name == "created_at":
        return np.array(given, dtype="datetime64[us]").astype(np.int64)
    return np.array(given, dtype=np.int64)


def _paired(old: Columns, name: str, taken: Mask, moved: Numbers, ids: Numbers, rows: Sequence[Row]) -> Pairs:
    """A list's pairs: those of entries that did not change, and the new ones."""
    pairs = old.lists[name]
    same = ~taken[pairs.places]
    entries = {row[1] for row in rows if not row[0]}  # a value without its entry is being taken away
    new = [(row[1], old.names[name].number(row[2])) for row in rows if row[0] == name and row[1] in entries]
    added = np.array(new, dtype=np.int64).reshape(-1, 2)
    return Pairs(
        np.concatenate([moved[pairs.places[same]], np.searchsorted(ids, added[:, 0])]),
        np.concatenate([pairs.codes[same], added[:, 1]]),
    )
