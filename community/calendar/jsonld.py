"""What search engines read of an event: schema.org's Event, beside the posting that its topic is."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from community.calendar.models import CalendarEvent


def data_of(event: CalendarEvent) -> dict[str, Any]:
    """The data for the tag `structured_data`; the link to join is nobody's but the readers' who may join."""
    topic, address = event.topic, settings.SITE_URL + event.get_absolute_url()
    is_online = bool(event.join_url) or not event.place
    mode = "Mixed" if event.place and event.join_url else "Online" if is_online else "Offline"
    places: list[dict[str, str]] = [{"@type": "Place", "name": event.place, "address": event.place}] * bool(event.place)
    if is_online:
        places = [*places, {"@type": "VirtualLocation", "url": address}]
    return {
        "@context": "https://schema.org", "@type": "Event", "name": topic.title, "url": address,
        "startDate": event.starts.isoformat(), "endDate": event.ends.isoformat(), "location": places,
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "eventStatus": f"https://schema.org/{'EventCancelled' if event.is_cancelled else 'EventScheduled'}",
        "organizer": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
    }  # fmt: skip
