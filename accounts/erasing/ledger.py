"""The ledger of the erased beside the database, so that a restore cannot bring back whom a backup still holds.

A line is JSON: a person's id, when they joined, when they were erased, whether their posts went. No name, no address.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.dateparse import parse_datetime

from accounts.erasing.models import Erasure

NAME: Final = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """One who was erased."""

    person_id: int
    joined_at: datetime
    erased_at: datetime
    deletes_posts: bool


def place() -> Path:
    """Where it lies: in DATA_DIR, outside what is served and outside of backups."""
    return Path(settings.DATA_DIR) / NAME


def write(erasure: Erasure) -> None:
    """Add a line, and be sure that the disk has it before the transaction around it is committed."""
    line = {
        "person": erasure.person_id, "joined_at": erasure.joined_at.isoformat(), "posts": erasure.deletes_posts,
        "erased_at": (erasure.done_at or erasure.due_at).isoformat(),
    }  # fmt: skip
    with place().open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines() -> Iterator[Line]:
    """All lines, each person once; a line that a full disk cut off is passed over."""
    seen: set[tuple[int, datetime]] = set()
    text = place().read_text(encoding="utf-8") if place().exists() else ""
    for written in text.splitlines():
        line = _read(written)
        if line is not None and (line.person_id, line.joined_at) not in seen:
            seen.add((line.person_id, line.joined_at))
            yield line


def _read(written: str) -> Line | None:
    try:
        row = json.loads(written)
        joined, erased = parse_datetime(row["joined_at"]), parse_datetime(row["erased_at"])
        return Line(int(row["person"]), joined, erased, bool(row["posts"])) if joined and erased else None
    except (ValueError, KeyError, TypeError):
        return None
