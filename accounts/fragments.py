"""Pieces of pages that many requests show alike, rendered once a process.

A piece is a template and the plain values that it shows, and nothing else: the values are its whole context and its
key. So a piece cannot be stale, and cannot hold what the page did not read for its own viewer in this very request.
What differs from request to request inside a piece (the CSRF token, the address) is a slot, filled after the cache.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

MOST_BYTES: Final = 32_000_000
LARGEST: Final = 60_000
_SECRET: Final = secrets.token_hex(8)  # nobody's text can hold the mark of a slot
Key = tuple[Hashable, ...]
Pieces = tuple[str, ...]


class Shelf:
    """The pieces used last, up to so many bytes of HTML; safe for threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._held, self._lock = most, 0, Lock()
        self._rows: OrderedDict[Key, tuple[int, Pieces]] = OrderedDict()

    def get(self, key: Key) -> Pieces | None:
        with self._lock:
            row = self._rows.get(key)
            if row is None:
                return None
            self._rows.move_to_end(key)
            return row[1]

    def put(self, key: Key, pieces: Pieces) -> None:
        """Keep it, unless it is so large that it would push out many others."""
        size = sum(map(len, pieces))
        if size > LARGEST:
            return
        with self._lock:
            if key in self._rows:
                return
            self._rows[key] = (size, pieces)
            self._held += size
            while self._held > self._most:
                self._held -= self._rows.popitem(last=False)[1][0]

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
            self._held = 0


shelf = Shelf()


def slot(name: str) -> str:
    """What stands in the rendered piece where a slot's value will be put."""
    return f"slot{_SECRET}{name}end"


def filled(
    template: str,
    values: Mapping[str, Hashable],
    slots: Mapping[str, Callable[[], str]],
    *,
    more: Callable[[], Mapping[str, Any]] | None = None,
) -> str:
    """The HTML of a piece with its slots filled; a slot's value is made only where the piece has that slot.

    `values` must be hashable all through: numbers, texts, times, tuples and frozen dataclasses of these. `more` makes
    further context when the piece is rendered, and must depend on nothing but `values` (a form, for instance).
    Slot values are put in as they are, so they must be safe for HTML.
    """
    key: Key = (template, get_language(), timezone.get_current_timezone_name(), timezone.localdate().year)
    key = (*key, *sorted(values.items()))
    names = tuple(slots)
    pieces = None if settings.DEBUG else shelf.get(key)
    if pieces is None:
        context = {**{name: slot(name) for name in names}, **(more() if more else {}), **values}
        pieces = _cut(render_to_string(template, context), names)
        shelf.put(key, pieces)
    return "".join(slots[part]() if number % 2 else part for number, part in enumerate(pieces))


def _cut(html: str, names: tuple[str, ...]) -> Pieces:
    """Text and names of slots in turn: text, name, text, name, text."""
    parts: list[str] = []
    start, end = f"slot{_SECRET}", "end"
    while (at := html.find(start)) >= 0:
        close = html.index(end, at + len(start))
        parts += [html[:at], html[at + len(start) : close]]
        html = html[close + len(end) :]
    return (*parts, html)
