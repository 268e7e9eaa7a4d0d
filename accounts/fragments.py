"""Pieces of pages that many requests show alike, rendered once a process.

A piece is a template and the plain values that it shows, and nothing else: the values are its whole context and its
key. So a piece cannot be stale, and cannot hold what the page did not read for its own viewer in this very request.
Texts that do not change the rest of a piece (`accounts.shapes`) and what differs from request to request inside it (the
CSRF token, the address) are slots, filled after the cache: what is kept of a post is good for all posts of its shape.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import tzinfo
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from accounts.shapes import PATTERN, SECRET, marked, shape_of

MOST_BYTES: Final = 32_000_000
LARGEST: Final = 60_000
_SLOT: Final = re.compile(PATTERN)
Key = tuple[Hashable, ...]
Pieces = tuple[str | int, ...]  # text, slot, text, slot, text: a slot of a request by name, one of a text by number


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
        size = sum(len(part) for part in pieces if isinstance(part, str))
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
    return f"slot{SECRET}{name}end"


def filled(
    template: str,
    values: Mapping[str, Hashable],
    slots: Mapping[str, Callable[[], str]],
    *,
    more: Callable[[], Mapping[str, Any]] | None = None,
) -> str:
    """The HTML of a piece with its slots filled; a slot's value is made only where the piece has that slot.

    `values` must be hashable all through: numbers, texts, times, tuples and frozen dataclasses of these. `more` makes
    further context when the piece is rendered, and must depend on nothing but the shape of `values` (a form, for
    instance).
    Slot values are put in as they are, so they must be safe for HTML.
    """
    names, texts = sorted(values), []  # type: list[str], list[str]
    key: Key = (template, *here(), *[(name, shape_of(values[name], texts)) for name in names])
    pieces = None if settings.DEBUG else shelf.get(key)
    if pieces is None:
        count = [0]
        shown = {name: marked(values[name], count) for name in names}
        context = {**{name: slot(name) for name in slots}, **(more() if more else {}), **shown}
        pieces = _cut(render_to_string(template, context))
        shelf.put(key, pieces)
    made = list(pieces)
    for at in range(1, len(made), 2):
        part = made[at]
        made[at] = texts[part] if isinstance(part, int) else slots[part]()
    return "".join(made)  # type: ignore[arg-type]


def here() -> Key:
    """What a rendering depends on beside its values: language and time zone, and the year, which dates leave out."""
    zone = timezone.get_current_timezone()
    return get_language(), str(zone), _year(zone, int(time.time()) // 900)


@lru_cache(maxsize=100)
def _year(zone: tzinfo, _quarter_of_an_hour: int) -> int:
    return timezone.localtime(timezone=zone).year


def _cut(html: str) -> Pieces:
    """Text and slots in turn: text, slot, text, slot, text."""
    parts: list[str | int] = []
    end = 0
    for found in _SLOT.finditer(html):
        name = found[1] or found[2]
        parts += [html[end : found.start()], int(name) if name.isdigit() else name]
        end = found.end()
    return (*parts, html[end:])
