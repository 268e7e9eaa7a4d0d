"""A breaker: after some failures in a row nobody waits for a dead engine, and a call in ten seconds tries it."""

from __future__ import annotations

import threading
import time
from typing import Final

FAILURES: Final = 5
PROBE_SECONDS: Final = 10.0


class Breaker:
    """One a process and engine; safe between threads."""

    def __init__(self, *, failures: int = FAILURES, probe_seconds: float = PROBE_SECONDS) -> None:
        self._limit = failures
        self._probe_seconds = probe_seconds
        self._lock = threading.Lock()
        self._failures = 0
        self._next_probe = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= self._limit

    def allows(self) -> bool:
        """Whether a call may be made now; while open, true for one caller each ten seconds."""
        with self._lock:
            if not self.is_open:
                return True
            if time.monotonic() < self._next_probe:
                return False
            self._next_probe = time.monotonic() + self._probe_seconds
            return True

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures == self._limit:
                self._next_probe = time.monotonic() + self._probe_seconds

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0
