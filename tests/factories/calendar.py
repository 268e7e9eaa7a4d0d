"""Events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import User
from community.calendar.models import CalendarEvent
from community.calendar.plans import EventPlan
from community.calendar.services import event_create
from community.spaces.models import Space
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

_numbers = count(1)


def a_plan(**fields: Any) -> EventPlan:
    """An hour at noon in Berlin, in a week."""
    noon = datetime.now(UTC).replace(tzinfo=None, hour=12, minute=0, second=0, microsecond=0) + timedelta(days=7)
    starts = fields.pop("starts", noon)
    return EventPlan(
        **{"starts": starts, "ends": starts + timedelta(hours=1), "zone": "Europe/Berlin", "place": "Hall 2"} | fields
    )


def make_event(
    *, space: Space | None = None, author: User | None = None, plan: EventPlan | None = None, **fields: Any
) -> CalendarEvent:
    number = next(_numbers)
    fields.setdefault("title", f"Office hours {number}")
    fields.setdefault("body", "Bring your hub.")
    space = space or make_space()  # before the viewer, whose tokens name the spaces that exist
    return event_create(viewer=viewer(author or make_user()), space=space, plan=plan or a_plan(), **fields)
