"""One word for “as things stand”: it changes with every event that is recorded, so what is kept under it is current.

It lives in the cache, not in a table: reading it costs no statement, and a word that is lost only means that nothing
is kept. It is drawn anew when the transaction that recorded an event commits: what another request read before is kept
under a word that nobody asks for any more.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.core.cache import cache

from accounts.events.committed import once_committed

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
    once_committed(_draw, robust=True)


def _draw() -> None:
    cache.set(KEY, secrets.token_hex(8), DAY)
