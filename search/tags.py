"""Tags while typing: only those that something carries which this viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from accounts.viewer import Viewer
from search import analysis, services, tagnames
from search.sources import Card

KIND: Final = "tag"
MOST: Final = 12  # tags that are looked at

# The newest entry with a tag that the audience may find. What is marked as changed is left out: it may have lost it.
_NEWEST: Final = """
    SELECT kind, object_id, %s AS tag FROM search_entry WHERE id = (
        SELECT t.entry_id FROM search_entrytag t JOIN search_entry e ON e.id = t.entry_id
        WHERE t.tag = %s
              AND EXISTS (SELECT 1 FROM search_entrytoken k WHERE k.entry_id = t.entry_id AND k.token IN ({}))
              AND NOT EXISTS (SELECT 1 FROM search_dirtymark m WHERE m.engine = 'database' AND m.kind = e.kind
                              AND m.object_id = e.object_id)
        ORDER BY t.entry_id DESC LIMIT 1)"""


def begun(viewer: Viewer, text: str, *, limit: int) -> list[Card]:
    """Up to `limit` tags that begin as typed, or a word of which does, the shortest first.

    The database engine's table is asked whichever engine answers searches, and the entry it names is authorised in the
    primary database: a tag that only something hidden carries is not offered, not even before the worker has run.
    """
    keys = _carriers(viewer, _candidates(text))
    cards = services.authorised_cards(viewer, keys.values())
    return [_card(tag) for tag, key in keys.items() if key in cards][:limit]


def _candidates(text: str) -> list[str]:
    """Tags of whatever is indexed, hidden things' too: not for showing."""
    typed = analysis.plain_words(text)
    found = []
    for tag in tagnames.known() if typed else []:
        words = analysis.plain_words(tag)
        for start in range(len(words) - len(typed) + 1):
            part = words[start : start + len(typed)]
            if part[:-1] == typed[:-1] and part[-1].startswith(typed[-1]):
                found.append((start > 0, len(tag), tag))
                break
    return [tag for _inside, _length, tag in sorted(found)[:MOST]]


def _carriers(viewer: Viewer, tags: Sequence[str]) -> dict[str, tuple[str, int]]:
    """For each tag one thing, as (kind, id), that carries it and that the index lets this viewer find; one statement.
    """
    tokens = sorted(viewer.tokens)
    if not tags or not tokens:
        return {}
    one = _NEWEST.format(", ".join(["%s"] * len(tokens)))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(tags)), [v for tag in tags for v in (tag, tag, *tokens)])
        found = {tag: (kind, pk) for kind, pk, tag in cursor.fetchall()}
    return {tag: found[tag] for tag in tags if tag in found}


def _card(tag: str) -> Card:
    return Card(KIND, 0, tag, f"{reverse('search:results')}?{urlencode({'tag': tag})}", icon="tag")
