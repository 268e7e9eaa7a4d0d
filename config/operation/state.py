"""All that the health page shows, read at once; and what of it needs somebody, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.erasing.selectors import due
from accounts.events.models import Event, Heartbeat
from accounts.events.pulse import SILENT_AFTER
from accounts.takeout.selectors import late
from config.operation import machine
from config.operation.indexes import Counts, counts
from config.operation.machine import Disk
from config.operation.parts import Part, parts
from config.operation.queues import Parked, Queue, parked, queues
from config.operation.thresholds import ERASURE_LATE, TAKEOUT_LATE


@dataclass(frozen=True, slots=True)
class Process:
    """A web or worker process, and whether it was seen within the last minute."""

    beat: Heartbeat
    is_alive: bool

    @property
    def sockets(self) -> int:
        return int(self.beat.facts.get("sockets", 0))


@dataclass(frozen=True, slots=True)
class Backup:
    made_at: datetime
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class State:
    parts: list[Part]
    queues: list[Queue]
    parked: list[Parked]
    processes: list[Process]
    counts: Counts
    disk: Disk
    backup: Backup | None
    erasures_late: int
    takeouts_late: int
    build: dict[str, str]
    at: datetime

    @property
    def sockets(self) -> int:
        return sum(process.sockets for process in self.processes if process.is_alive)

    @property
    def people(self) -> int:
        """How many different people have a page open."""
        alive = (process.beat.facts for process in self.processes if process.is_alive)
        return len({person for facts in alive for person in facts.get("people", ())})

    @property
    def waiting(self) -> int:
        return sum(queue.waiting for queue in self.queues)

    @property
    def failed(self) -> int:
        return sum(queue.failed for queue in self.queues)

    @property
    def versions(self) -> dict[str, str]:
        """Name → version, those that are known."""
        named = {"Threadwell": self.build["version"], "Commit": self.build["commit"], "Python": self.build["python"]}
        named |= {"Django": self.build["django"], "Wagtail": self.build["wagtail"]}
        named |= dict(part.version.split(" ", 1) for part in self.parts if part.version)
        return {name: version for name, version in named.items() if version}


def state() -> State:
    """Everything, in a number of statements that does not depend on how much waits."""
    return State(
        parts=parts(), queues=queues(), parked=parked(), processes=_processes(), counts=counts(), disk=machine.disk(),
        backup=_last_backup(), erasures_late=_erasures_late(), takeouts_late=_takeouts_late(), build=machine.build(),
        at=timezone.now(),
    )  # fmt: skip


def _processes() -> list[Process]:
    fresh = timezone.now() - SILENT_AFTER
    return [Process(beat, beat.seen_at >= fresh) for beat in Heartbeat.objects.all()[:100]]


def _last_backup() -> Backup | None:
    event = Event.objects.filter(name="backup.made").order_by("-pk").first()
    if event is None:
        return None
    data: dict[str, Any] = event.data
    return Backup(event.created_at, int(data.get("bytes", 0)), str(data.get("file", "")))


def _erasures_late() -> int:
    """How many people should have been erased by now; those that a legal hold keeps are none of them."""
    return due(timezone.now() - ERASURE_LATE).count()


def _takeouts_late() -> int:
    """How many copies of people's data should be ready by now; those that were given up on count for a day."""
    return late(timezone.now() - TAKEOUT_LATE).count()


def is_production() -> bool:
    return not settings.DEBUG
