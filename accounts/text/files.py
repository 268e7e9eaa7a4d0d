"""Files of this site in texts: the renderer asks the room that keeps them how each one shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class FileShown(NamedTuple):
    """`url` is the file itself. A picture has `src`, which a page loads, and its size in pixels; others have ""."""

    url: str
    src: str
    width: int
    height: int


Lookup = Callable[[str], Mapping[str, FileShown]]
_lookups: list[Lookup] = []


def register_files(lookup: Lookup) -> None:
    """`lookup(source)` gives the files that a text names, by their key in the address."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def files_in(source: str) -> dict[str, FileShown]:
    """The files that a text names, by key."""
    return {key: shown for lookup in _lookups for key, shown in lookup(source).items()}
