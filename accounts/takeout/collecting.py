"""Reading what is theirs, a piece at a time, into a file of JSON lines a part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from accounts.takeout import parts, place
from accounts.takeout.parts import Taker

PIECE: Final = 200  # rows that are in memory at once


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next piece begins: the part, the key of its last row, the bytes of its file."""

    part: str = ""
    cursor: str = ""
    written: int = 0


def file_of(folder: Path, part: str) -> Path:
    return folder / f"{part}.jsonl"


def first() -> Place | None:
    part = parts.part_after("")
    return Place(part.name) if part else None


def piece(taker: Taker, folder: Path, at: Place) -> Place | None:
    """Write the next piece; returns where the one after it begins, or None when all parts are written.

    Again from the same place writes the same file, so that a kill between this and what remembers the place costs one
    piece. A file that is shorter than was remembered (the machine lost power) is begun anew.
    """
    part = parts.part_named(at.part)
    if part is None:  # a new version has it no more
        return _after(at.part)
    path = file_of(folder, part.name)
    if place.size_of(path) < at.written:
        at = Place(part.name)
    rows = part.rows(taker).order_by("pk")
    if at.cursor:
        rows = rows.filter(pk__gt=at.cursor)
    found = list(rows[:PIECE])
    written = place.append(path, at.written, part.show(taker, found) if found else [])
    if len(found) == PIECE:
        return Place(part.name, str(found[-1].pk), written)
    return _after(part.name)


def _after(name: str) -> Place | None:
    part = parts.part_after(name)
    return Place(part.name) if part else None
