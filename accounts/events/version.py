"""One word for “as things stand”: it changes with every event that is recorded, so what is kept under it is current.

It lives in the cache, not in a table: reading it costs no statement, and a word that is lost only means that nothing
is kept. It is drawn anew when an event is recorded and again when its transaction commits: what another request read in
between is kept under a word that nobody asks for any more.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.core.cache import cache
from django.db import transaction

KEY: Final = "events:version"
DAY: Final = 86_400


def current() -> str:
    """The word of this moment, for everybody who shares the cache."""
    word = cache.get(KEY)
    if word is None:
        word = secrets.token_hex(8)
        cache.set(KEY, word, DAY)
    return str(word)


def change() -> None:
    """Something happened in the running transaction."""
    _draw()
    transaction.on_commit(_draw, robust=True)


def _draw() -> None:
    cache.set(KEY, secrets.token_hex(8), DAY)
