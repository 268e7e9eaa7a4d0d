"""All tags that the index holds, hidden things' too: where tags that begin as typed are looked up, never shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.core.cache import cache
from django.db import connection, transaction

_KEY: Final = "search:tags"
_SECONDS: Final = 60
_MOST: Final = 20_000

# One tag after the other along the index: a tag of ten thousand topics is one step, not ten thousand.
_ALL: Final = """
    WITH RECURSIVE known(tag) AS (
        SELECT MIN(tag) FROM search_entrytag
        UNION ALL
        SELECT (SELECT MIN(t.tag) FROM search_entrytag t WHERE t.tag > known.tag) FROM known WHERE tag IS NOT NULL
    )
    SELECT tag FROM known WHERE tag IS NOT NULL LIMIT %s"""


def known() -> Sequence[str]:
    tags: list[str] | None = cache.get(_KEY)
    if tags is None:
        with connection.cursor() as cursor:
            cursor.execute(_ALL, [_MOST])
            tags = [row[0] for row in cursor.fetchall()]
        cache.set(_KEY, tags, _SECONDS)
    return tags


def met(tags: Iterable[str]) -> None:
    """Call it with what is written, so that a new tag is offered at once."""
    held = cache.get(_KEY)
    if held is not None and not set(tags) <= set(held):
        cache.delete(_KEY)
        transaction.on_commit(lambda: cache.delete(_KEY))  # somebody may have looked before this is to be seen
