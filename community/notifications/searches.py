"""New results of a saved search, told to whoever saved it (search records `search.matched`)."""

from __future__ import annotations

from django.utils.translation import ngettext

from accounts.events.models import Event
from accounts.events.registry import subscribe
from accounts.viewer import Viewer
from community.notifications import services
from community.notifications.models import Notification
from community.notifications.registry import Message, register_message
from search.models import SavedSearch
from search.services import authorised_cards

KIND = "search.matched"


def register() -> None:
    """Called once, by the room's AppConfig."""
    register_message(KIND, "search", resolve)
    subscribe(KIND, search_matched, name="notifications.search-matched")


def search_matched(event: Event) -> None:
    """One row a look, however many results it brought."""
    services.notify(
        kind=KIND, user_ids=[event.data["user"]], actor_id=None, target=("savedsearch", event.target_id or 0),
        data={"hits": event.data["hits"], "count": event.data["count"]}, key=f"search:{event.pk}", at=event.created_at,
    )


def resolve(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    """Only the person's own searches, and only results that they still may see: their number and the first's title."""
    searches = SavedSearch.objects.filter(user_id=viewer.user_id).in_bulk({row.target_id for row in rows})
    keys = {row.pk: [_key(hit) for hit in row.data.get("hits", [])] for row in rows}
    cards = authorised_cards(viewer, {key for found in keys.values() for key in found})
    told: dict[int, Message] = {}
    for row in rows:
        saved, seen = searches.get(row.target_id), [cards[key] for key in keys[row.pk] if key in cards]
        if saved is None or not seen:
            continue
        text = ngettext(
            "%(count)s new result for your search “%(name)s”",
            "%(count)s new results for your search “%(name)s”",
            len(seen),
        )
        told[row.pk] = Message(
            text=text % {"count": len(seen), "name": saved.name}, url=f"{saved.get_absolute_url()}&sort=newest",
            excerpt=seen[0].title,
        )
    return told


def _key(hit: str) -> tuple[str, int]:
    kind, _colon, pk = hit.partition(":")
    return kind, int(pk)
