"""From a clock on a wall to a moment, and which time zones there are."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The IANA names that an event can have, of places and UTC, by the alphabet."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES))
    return "UTC", *sorted(places)


def moment_of(local: datetime, zone: str, *, field: str) -> datetime:
    """When the clocks of a zone show `local` (without a zone), as UTC; the first time where they show it twice.

    Raises ValidationError({field: …}) for a time that is left out when clocks are put forward.
    """
    place = ZoneInfo(zone)
    moment = local.replace(tzinfo=place, fold=0).astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None, fold=0) != local.replace(fold=0):
        words = {"time": local.strftime("%H:%M"), "day": local.strftime("%Y-%m-%d"), "zone": zone}
        told = _("There is no %(time)s on %(day)s in %(zone)s: clocks are put forward then. Choose another time.")
        raise ValidationError({field: told % words})
    return moment
