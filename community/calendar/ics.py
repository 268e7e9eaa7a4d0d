"""Events as calendars read them: iCalendar after RFC 5545, written by the library `icalendar`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from community.calendar.models import CalendarEvent

PRODUCT: Final = "-//Threadwell//Community calendar//EN"


def calendar(events: Iterable[CalendarEvent], *, name: str) -> bytes:
    """A calendar of some events, each with the times of its own zone.

    The link to join is never in it: a file is passed on, and lies in many places for long.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    years = []
    for event in events:
        made.add_component(_entry(event))
        years += [event.starts_at.year, event.ends_at.year]
    if years:
        first, last = date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1)
        made.add_missing_timezones(first_date=first, last_date=last)
    return made.to_ical()


def uid_of(event: CalendarEvent) -> str:
    """The name of an event in every calendar, for ever; it does not change when the event does."""
    return f"event-{event.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def _entry(event: CalendarEvent) -> Event:
    topic, address = event.topic, settings.SITE_URL + event.get_absolute_url()
    entry = Event()
    entry.add("uid", uid_of(event))
    entry.add("dtstamp", event.changed_at.astimezone(UTC))
    entry.add("created", topic.created_at.astimezone(UTC))
    entry.add("last-modified", max(event.changed_at, topic.updated_at).astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.starts_at.astimezone(UTC) if event.zone == "UTC" else event.starts)
    entry.add("dtend", event.ends_at.astimezone(UTC) if event.zone == "UTC" else event.ends)
    entry.add("summary", topic.title)
    entry.add("description", f"{topic.space.name}: {address}")
    entry.add("url", address)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    if event.place:
        entry.add("location", event.place)
    return entry
