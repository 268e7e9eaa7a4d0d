"""Reading events for pages and calendars: each is a constant number of queries."""

from __future__ import annotations

from datetime import datetime

from django.db.models import CharField, OuterRef, Subquery, Value
from django.utils import timezone

from accounts.models import User
from accounts.viewer import Viewer
from community.calendar.models import Answer, Attendance, CalendarEvent
from community.calendar.policies import can_join
from community.calendar.querysets import EventQuerySet
from community.spaces.models import Space

MOST_IN_A_FEED = 200
MOST_NAMES = 12


def with_my_answer(events: EventQuerySet, viewer: Viewer) -> EventQuerySet:
    """Each event knows what this viewer answered, as `answer`; None where nothing."""
    if not viewer.is_signed_in:
        return events.annotate(answer=Value(None, output_field=CharField()))  # type: ignore[no-redef]
    mine = Attendance.objects.filter(event=OuterRef("pk"), user_id=viewer.user_id).values("answer")
    return events.annotate(answer=Subquery(mine[:1]))  # type: ignore[no-redef]


def calendar_of(
    viewer: Viewer, *, is_past: bool = False, space: str = "", now: datetime | None = None
) -> EventQuerySet:
    """The events of the page: to come or past, of one space (its slug) or all."""
    now = now or timezone.now()
    seen = CalendarEvent.objects.visible_to(viewer).published().for_list()
    seen = seen.filter(topic__space__slug=space) if space else seen
    return with_my_answer(seen.past(now) if is_past else seen.upcoming(now), viewer)


def event_for(viewer: Viewer, pk: int) -> CalendarEvent | None:
    """One event with the viewer's answer and `may_join`; None when the viewer does not see it. One query."""
    event = with_my_answer(CalendarEvent.objects.visible_to(viewer).for_list(), viewer).filter(pk=pk).first()
    if event is not None:
        event.may_join = can_join(viewer, event, timezone.now())
    return event


def going_to(event: CalendarEvent, limit: int = MOST_NAMES) -> list[User]:
    """Who said that they come, the first first."""
    rows = event.attendances.filter(answer=Answer.GOING, user__is_active=True).select_related("user")
    return [row.user for row in rows.order_by("answered_at", "pk")[:limit]]


def for_calendars(viewer: Viewer, *, space: Space | None = None, now: datetime | None = None) -> list[CalendarEvent]:
    """What a calendar subscribes to: what is to come and what ended last, called-off ones too; two queries at most."""
    now = now or timezone.now()
    seen = CalendarEvent.objects.visible_to(viewer).published().for_list()
    seen = seen.filter(topic__space=space) if space else seen
    coming = list(seen.upcoming(now)[:MOST_IN_A_FEED])
    return [*coming, *seen.past(now)[: MOST_IN_A_FEED - len(coming)]]
