"""What a viewer may see and do with events. Seeing follows the topic."""

from __future__ import annotations

from datetime import datetime

from accounts.viewer import Viewer
from community.calendar.models import CalendarEvent
from community.forums import policies as forums
from community.forums.models import Kind, Status
from community.spaces.models import Space


def audience(event: CalendarEvent) -> frozenset[str]:
    """The tokens that open an event: its topic's."""
    return forums.topic_audience(event.topic)


def can_see(viewer: Viewer, event: CalendarEvent) -> bool:
    return viewer.may_read(audience(event))


def can_plan(viewer: Viewer, space: Space) -> bool:
    """Announce an event in this space."""
    return forums.can_start(viewer, space, Kind.EVENT)


def can_change(viewer: Viewer, event: CalendarEvent) -> bool:
    """Whoever announced it, for as long as its topic is open, and its moderators; a removed one nobody."""
    return forums.can_change_details(viewer, event.topic)


def can_answer(viewer: Viewer, event: CalendarEvent, now: datetime) -> bool:
    """Say whether one comes: everybody signed in who reads it, until it is over or called off."""
    is_open = event.topic.status == Status.PUBLISHED and not event.topic.is_archived
    return viewer.is_signed_in and can_see(viewer, event) and is_open and not (event.is_cancelled or event.is_over(now))


def can_join(viewer: Viewer, event: CalendarEvent, now: datetime) -> bool:
    """See the link to join: those who run it always, everybody else signed in who reads it when its time has come."""
    if not event.join_url or not viewer.is_signed_in or not can_see(viewer, event):
        return False
    return event.is_joinable(now) or can_change(viewer, event)
