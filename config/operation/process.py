"""A web process's sign of life: a thread that says how many sockets it holds, whether or not anybody asks."""

from __future__ import annotations

import threading

from django.conf import settings
from django.db import close_old_connections

from accounts.events.models import Heartbeat
from accounts.events.pulse import Pulse
from community.notifications.live.hub import hub

MOST_PEOPLE = 2_000  # ids of people in one row; above that the number is what matters


def start() -> None:
    """Begin to beat, unless HEARTBEAT_SECONDS is 0. The row of a process that ended goes after two minutes."""
    if settings.HEARTBEAT_SECONDS:
        threading.Thread(target=_beat_forever, name="pulse", daemon=True).start()


def _beat_forever() -> None:
    pulse, waiting = Pulse(Heartbeat.Kind.WEB), threading.Event()
    while not waiting.wait(settings.HEARTBEAT_SECONDS):
        pulse.beat(**facts())
        close_old_connections()


def facts() -> dict[str, object]:
    """What a web process tells of itself: open sockets, and who is behind them."""
    return {"sockets": hub.count(), "people": sorted(hub.people())[:MOST_PEOPLE]}
