"""Signs of life: each process keeps one row fresh, so that the operator sees who works and who is gone."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from accounts.events.models import Heartbeat

logger = logging.getLogger("threadwell.events")
#: a process that was not seen for so long does not work: six beats
SILENT_AFTER: Final = timedelta(seconds=60)
#: a worker's row stays longer than a web process's, because one that vanished is worth a look
_KEPT: Final = {Heartbeat.Kind.WEB: timedelta(minutes=2), Heartbeat.Kind.WORKER: timedelta(minutes=10)}


class Pulse:
    """One process's row: written at most every HEARTBEAT_SECONDS, taken away when the process ends in peace."""

    def __init__(self, kind: Heartbeat.Kind) -> None:
        self.kind = kind
        self.host = socket.gethostname()[:100]
        self.process = f"{kind.value}-{os.getpid()}-{secrets.token_hex(4)}"
        self.started_at = timezone.now()
        self._due = 0.0

    def beat(self, **facts: Any) -> None:
        """Say that this process works, with what it wants to tell; does nothing when it said so just now.

        A database that does not answer is no news here: whoever uses it says so.
        """
        if not settings.HEARTBEAT_SECONDS or time.monotonic() < self._due:
            return
        self._due = time.monotonic() + settings.HEARTBEAT_SECONDS
        row = {
            "kind": self.kind, "host": self.host, "pid": os.getpid(), "started_at": self.started_at,
            "seen_at": timezone.now(), "facts": facts,
        }
        try:
            Heartbeat.objects.update_or_create(process=self.process, defaults=row)
            gone = Heartbeat.objects.filter(kind=self.kind, seen_at__lt=timezone.now() - _KEPT[self.kind])
            gone.exclude(process=self.process).delete()
        except DatabaseError as error:
            logger.info("No sign of life could be written: %s", error)

    def stop(self) -> None:
        """The process ends as it should."""
        try:
            Heartbeat.objects.filter(process=self.process).delete()
        except DatabaseError as error:
            logger.info("The last sign of life could not be taken back: %s", error)


def is_worker_alive() -> bool:
    """Whether any worker was seen within the last minute."""
    seen = timezone.now() - SILENT_AFTER
    return Heartbeat.objects.filter(kind=Heartbeat.Kind.WORKER, seen_at__gte=seen).exists()
