"""What somebody plans, and what of it can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from accounts.text import clean_line
from community.calendar.zones import moment_of, zone_names

LONGEST: Final = timedelta(days=31)
FURTHEST_MINUTES: Final = 7 * 24 * 60
YEARS: Final = range(1990, 2100)
_is_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class EventPlan:
    """`starts` and `ends` are what clocks in `zone` show, without a zone of their own.

    `join_minutes` is how long before the start the link to join is shown, in minutes; None is always.
    """

    starts: datetime
    ends: datetime
    zone: str
    place: str = ""
    join_url: str = ""
    join_minutes: int | None = 15


def clock(text: str, *, field: str) -> datetime:
    """What a clock shows, written as a day and a time. Raises ValidationError({field: …})."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None or moment.year not in YEARS:
        raise ValidationError({field: _("Write a day and a time of this place, such as 2030-05-17 15:00.")})
    return moment.replace(second=0, microsecond=0)


def checked(plan: EventPlan) -> dict[str, Any]:
    """The columns of a `CalendarEvent` that a plan fills.

    Raises ValidationError by field: zone, starts, ends, place, join_url, join_minutes.
    """
    if plan.zone not in zone_names():
        raise ValidationError({"zone": _("Choose a time zone of the list, such as Europe/Berlin.")})
    for field, moment in (("starts", plan.starts), ("ends", plan.ends)):
        if moment.tzinfo is not None or moment.year not in YEARS:
            raise ValidationError({field: _("Write a day and a time of this place, such as 2030-05-17 15:00.")})
    starts_at = moment_of(plan.starts, plan.zone, field="starts")
    ends_at = moment_of(plan.ends, plan.zone, field="ends")
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise ValidationError({"ends": _("It must end after it starts, and within 31 days.")})
    return {
        "starts_at": starts_at, "ends_at": ends_at, "zone": plan.zone,
        "place": clean_line(plan.place, field="place", limit=200, required=False),
        "join_url": _address(plan.join_url), "join_minutes": _minutes(plan.join_minutes),
    }  # fmt: skip


def _address(given: str) -> str:
    address = clean_line(given, field="join_url", limit=500, required=False)
    try:
        if address:
            _is_web_address(address)
    except ValidationError:
        raise ValidationError({"join_url": _("Paste the whole address, such as https://meet.example/room.")}) from None
    return address


def _minutes(given: int | None) -> int | None:
    if given is not None and not 0 <= given <= FURTHEST_MINUTES:
        raise ValidationError({"join_minutes": _("Choose at most a week before it starts.")})
    return given
