"""Saved searches: kept by a person, looked at again by the worker, told of as the event `search.matched`.

A search's new hits are found by asking anew as that person, so what is told is what they may see at that moment; the
newest first, over the time since the last look and an hour before it, because the index comes a little later than the
clock. `known` keeps an overlap from being told twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.text import clean_line
from accounts.viewer import Viewer, viewer_for
from search import parser, services
from search.fingerprint import MOST_QUERY, Fingerprint
from search.models import SavedSearch
from search.query import FACETS, SearchQuery
from search.sources import sources

MOST_EACH: Final = 50
MOST_TOLD: Final = 20
LOOK_EVERY: Final = timedelta(minutes=10)
OVERLAP: Final = timedelta(hours=1)
BATCH: Final = 50
KEPT: Final = ("q", *FACETS, "after", "before")


def query_string(data: QueryDict) -> str:
    """The part of an address that says what is looked for: without order, page and what is none of ours."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        values = [value.strip() for value in data.getlist(name) if value.strip()]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def parsed(query: str) -> SearchQuery:
    """The SearchQuery behind a query string. Raises ValidationError as `parser.parse` does."""
    data = QueryDict(query)
    return parser.parse(data.get("q", ""), data=dict(data.lists()))


@transaction.atomic
def saved_search_create(*, viewer: Viewer, query: str, name: str = "") -> SavedSearch:
    """Keep a search; the same again gives back the one that is there. `query` is an address's query string.

    Raises NotAllowed for the anonymous, ValidationError({"query" | "name" | "q": …}) for a search for nothing, one that
    cannot be read, and beyond fifty.
    """
    if viewer.user_id is None or not viewer.reads_own:
        raise NotAllowed(_("Sign in to save a search."))
    kept = query_string(QueryDict(query[:MOST_QUERY]))
    asked = parsed(kept)
    if asked.is_empty:
        raise ValidationError({"query": _("Search for something first, then save it.")})
    if len(kept) > MOST_QUERY or len(query) > MOST_QUERY:
        raise ValidationError({"query": _("This search is too long to be saved. Keep the words that matter most.")})
    name = clean_line(name or asked.text or _("Everything filtered"), field="name", limit=parser.MOST_CHARACTERS)[:80]
    key = Fingerprint.made(kept)
    already = SavedSearch.objects.filter(user_id=viewer.user_id, key=key).first()
    if already is not None:
        return already
    if SavedSearch.objects.filter(user_id=viewer.user_id).count() >= MOST_EACH:
        told = _("You keep %s searches, the most there can be. Remove one first.") % MOST_EACH
        raise ValidationError({"query": told})

    now = timezone.now()
    row, _is_new = SavedSearch.objects.get_or_create(
        user_id=viewer.user_id, key=key,
        defaults={"query": kept, "name": name, "looked_at": now, "created_at": now},
    )
    return row


@transaction.atomic
def saved_search_tell(*, viewer: Viewer, saved: SavedSearch, on: bool) -> None:
    """Whether new results are told. Raises NotAllowed for another's search."""
    _must_own(viewer, saved)
    SavedSearch.objects.filter(pk=saved.pk).update(is_telling=on, looked_at=timezone.now(), known=[])


@transaction.atomic
def saved_search_remove(*, viewer: Viewer, saved: SavedSearch) -> None:
    """Forget a search. Raises NotAllowed for another's."""
    _must_own(viewer, saved)
    saved.delete()


def _must_own(viewer: Viewer, saved: SavedSearch) -> None:
    if viewer.user_id is None or saved.user_id != viewer.user_id:
        raise NotAllowed(_("This search is somebody else's."))


def saved_of(viewer: Viewer) -> list[SavedSearch]:
    """The viewer's own searches, by name."""
    if not viewer.reads_own:
        return []
    return list(SavedSearch.objects.filter(user_id=viewer.user_id))


def is_saved(viewer: Viewer, query: str) -> bool:
    """Whether the viewer keeps exactly this search; one query for the signed in, none for the others."""
    if not viewer.reads_own:
        return False
    return SavedSearch.objects.filter(user_id=viewer.user_id, key=Fingerprint.made(query)).exists()


def look_again(*, now: datetime | None = None) -> int:
    """Look for what is new in the searches that are due, a batch at most; returns how many were looked at.

    Any number of workers may call it: each search is claimed by moving `looked_at` under its row lock.
    """
    now = now or timezone.now()
    due = SavedSearch.objects.filter(is_telling=True, user__is_active=True, looked_at__lte=now - LOOK_EVERY)
    ids = list(due.order_by("looked_at").values_list("pk", flat=True)[:BATCH])
    return sum(_look(pk, now) for pk in ids)


@transaction.atomic
def _look(pk: int, now: datetime) -> bool:
    saved = SavedSearch.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk).first()
    if saved is None or saved.looked_at > now - LOOK_EVERY:
        return False  # removed, or another worker was here
    since = saved.looked_at - OVERLAP
    fresh = _found_since(saved, since)
    if fresh is None:
        return False  # search ran degraded or cannot be read: the next round looks at the whole time again
    new = [key for key in fresh if key not in saved.known]
    saved.known, saved.looked_at = fresh, now
    saved.save(update_fields=["known", "looked_at"])
    if new:
        events.record(
            "search.matched", actor=None, target=saved, at=now,
            data={"user": saved.user_id, "count": len(new), "hits": new[:MOST_TOLD]},
        )
    return True


def _found_since(saved: SavedSearch, since: datetime) -> list[str] | None:
    try:
        query = parsed(newest(saved.query))
    except ValidationError:
        return []
    results = services.search(viewer_for(saved.user), query)
    if results.degraded:
        return None
    names = {source.kind for source in sources() if source.is_name}
    return [
        f"{item.card.kind}:{item.card.id}"
        for item in results.items
        if item.created_at is not None and item.created_at > since and item.card.kind not in names
    ]


def newest(query: str) -> str:
    """The query string with the newest first."""
    data = QueryDict(query, mutable=True)
    data["sort"] = "newest"
    return data.urlencode()

