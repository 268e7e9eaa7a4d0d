"""The time that a report covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERIODS: Final[dict[str, tuple[int, str | Promise]]] = {
    "7": (7, _("Last 7 days")),
    "30": (30, _("Last 30 days")),
    "90": (90, _("Last 90 days")),
    "365": (365, _("Last 12 months")),
}
DEFAULT: Final = "30"


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to `end`, and the time of equal length before it, to compare with."""

    key: str
    label: str
    start: datetime
    end: datetime

    @property
    def before(self) -> datetime:
        return self.start - (self.end - self.start)


def period_named(key: str) -> Period:
    """One of the periods; the last 30 days for a key that is none."""
    key = key if key in PERIODS else DEFAULT
    days, label = PERIODS[key]
    end = timezone.now()
    return Period(key, str(label), end - timedelta(days=days), end)
