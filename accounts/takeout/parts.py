"""What a copy of a person's data holds, part by part; every room says it of its own.

A column that points at a person belongs to a part, or is left out for a reason that is written down; with neither it
fails a test (`tests/takeout/test_parts.py`). The rows of a part are read a few hundred at a time, by their keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import User
from accounts.viewer import Viewer, viewer_for

Row = dict[str, Any]
Column = tuple[str, str]


@dataclass(frozen=True)
class Taker:
    """Whose copy it is, and what they may see now: others' titles and names come into it through `viewer` alone.

    Who is shut out sees what everybody sees; what they wrote is theirs all the same.
    """

    user: User
    viewer: Viewer

    @classmethod
    def of(cls, user: User) -> Taker:
        return cls(user, viewer_for(user))


Rows = Callable[[Taker], QuerySet]
Show = Callable[[Taker, Sequence[Any]], Iterable[Row]]
Files = Callable[[Taker], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing. `name` is that of its file; `label` its heading; parts are shown by `place`."""

    name: str
    label: str | Promise
    place: int
    rows: Rows
    show: Show
    columns: tuple[Column, ...] = field(default=())


_parts: dict[str, Part] = {}
_left_out: dict[Column, str] = {}
_files: list[Files] = []


def register_part(
    name: str, *, label: str | Promise, place: int, rows: Rows, show: Show, columns: Sequence[Column] = ()
) -> None:
    """Add a part to every copy.

    `rows(taker)` is a queryset of one model without an order; `show(taker, rows)` gives what is told of some of them,
    in a constant number of statements: plain JSON values, a `title` and a `text` where they have one. It may leave
    rows out. `columns` are those (`"forums.Post", "author"`) through which it finds the person.
    """
    _parts[name] = Part(name, label, place, rows, show, tuple(columns))


def register_left_out(label: str, fields: Sequence[str], why: str) -> None:
    """Say why columns that point at a person bring nothing into their copy."""
    _left_out.update({(label, name): why for name in fields})


def register_files(files: Files) -> None:
    """Add files: pairs of a name in the copy and a path in the storage. What is not there any more is passed over."""
    if files not in _files:
        _files.append(files)


def part_after(name: str) -> Part | None:
    """The next one in the order of names, which holds where a new version brings parts between two pieces."""
    later = sorted(known for known in _parts if known > name)
    return _parts[later[0]] if later else None


def part_named(name: str) -> Part | None:
    return _parts.get(name)


def parts() -> list[Part]:
    """All of them, as they are shown."""
    return sorted(_parts.values(), key=lambda part: (part.place, part.name))


def left_out() -> dict[Column, str]:
    return dict(_left_out)


def files_of(taker: Taker) -> Iterable[tuple[str, str]]:
    for files in _files:
        yield from files(taker)
