"""A web process: its sign of life, whether or not anybody asks, and its memory."""

from __future__ import annotations

import gc
import threading

from django.conf import settings
from django.db import close_old_connections
from django.urls import get_resolver

from accounts.events.models import Heartbeat
from accounts.events.pulse import Pulse
from community.notifications.live.hub import hub

MOST_PEOPLE = 2_000  # ids of people in one row; above that the number is what matters


def start() -> None:
    """Begin to beat, unless HEARTBEAT_SECONDS is 0. The row of a process that ended goes after two minutes."""
    if settings.HEARTBEAT_SECONDS:
        threading.Thread(target=_beat_forever, name="pulse", daemon=True).start()


def settle() -> None:
    """Load what every process needs before its first request, and keep it out of Python's full collections for good.

    A full collection goes through 250,000 objects that never go, and whose request it met waited 0.2 s for it.
    """
    _loaded = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def _beat_forever() -> None:
    pulse, waiting = Pulse(Heartbeat.Kind.WEB), threading.Event()
    while not waiting.wait(settings.HEARTBEAT_SECONDS):
        pulse.beat(**facts())
        close_old_connections()


def facts() -> dict[str, object]:
    """What a web process tells of itself: open sockets, and who is behind them."""
    return {"sockets": hub.count(), "people": sorted(hub.people())[:MOST_PEOPLE]}
