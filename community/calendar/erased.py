"""What erasing a person does to events: their answers go, and the counts follow."""

from __future__ import annotations

from accounts.erasing.rules import Rows, let_go, register_link, register_text
from community.calendar.models import CalendarEvent
from community.calendar.services import recount_events


def register_all() -> None:
    register_link("calendar.Attendance", "user", answers_go)
    register_text("calendar.CalendarEvent", "place", "join_url")


def answers_go(rows: Rows, field: str) -> None:
    let_go(rows, field)
    recount_events(CalendarEvent.objects.filter(pk__in={row.event_id for row in rows}))
