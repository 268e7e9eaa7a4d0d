"""What people who go are told: it starts soon, it is at another time, it was called off."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.events.models import Event
from accounts.viewer import Viewer
from community.calendar.models import Answer, CalendarEvent
from community.notifications.models import Notification
from community.notifications.registry import Message
from community.notifications.services import notify

Wording = Callable[[], str]


def tell_of_start(event: Event) -> None:
    """Subscriber of event.due, with the number of the change: one that is moved afterwards is told of again."""
    _tell(event, "event.due", f"event.due:{event.target_id}:{event.data['sequence']}")


def tell_of_change(event: Event) -> None:
    """Subscriber of topic.event_changed: only of another time or place."""
    if event.data.get("is_moved"):
        _tell(event, "event.changed", f"event.changed:{event.target_id}:{event.data['sequence']}")


def tell_of_cancel(event: Event) -> None:
    """Subscriber of topic.event_cancelled."""
    _tell(event, "event.cancelled", f"event.cancelled:{event.target_id}")


def _tell(event: Event, kind: str, key: str) -> None:
    """Those who go or may go; `notify` leaves out who does not read it any more."""
    planned = CalendarEvent.objects.filter(pk=event.target_id).first()
    if planned is None:
        return
    coming = planned.attendances.filter(answer__in=[Answer.GOING, Answer.MAYBE])
    notify(
        kind=kind, user_ids=set(coming.values_list("user_id", flat=True)), actor_id=event.actor_id, target=planned,
        key=key, thread=f"topic:{planned.pk}", at=event.created_at,
    )  # fmt: skip


def resolve_due(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    return _resolved(viewer, rows, lambda: _("“%(title)s” starts on %(when)s (%(zone)s)"))


def resolve_changed(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    return _resolved(viewer, rows, lambda: _("“%(title)s” was changed: now on %(when)s (%(zone)s)"))


def resolve_cancelled(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    return _resolved(viewer, rows, lambda: _("“%(title)s” on %(when)s was called off"))


def _resolved(viewer: Viewer, rows: list[Notification], wording: Wording) -> dict[int, Message]:
    seen = CalendarEvent.objects.visible_to(viewer).published().for_list()
    found = seen.in_bulk([row.target_id for row in rows])
    return {row.pk: _message(found[row.target_id], wording()) for row in rows if row.target_id in found}


def _message(event: CalendarEvent, words: str) -> Message:
    when = date_format(event.starts, "DATETIME_FORMAT")
    text = words % {"title": event.topic.title, "when": when, "zone": event.zone}
    return Message(text=text, url=event.get_absolute_url(), where=event.topic.space.name, excerpt=event.place)
