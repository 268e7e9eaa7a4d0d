"""What one socket, and one person's sockets, may cost."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from community.notifications.live.hub import RESYNC, Hub, Payload

MAX_WAITING: Final = 100
MAX_SOCKETS_EACH: Final = 40
MAX_SOCKETS_ANONYMOUS: Final = 5_000
FRAMES_PER_SECOND: Final = 5.0
FRAMES_BURST: Final = 40.0


def sockets_full(hub: Hub, user_id: int | None) -> bool:
    """Whether this person (or all the anonymous together) holds as many sockets of this process as allowed."""
    most = MAX_SOCKETS_EACH if user_id else MAX_SOCKETS_ANONYMOUS
    return hub.count(f"user.{user_id or 0}") >= most


class FrameBudget:
    """A leaky bucket for what a browser sends."""

    def __init__(self) -> None:
        self._left, self._at = FRAMES_BURST, time.monotonic()

    def spend(self) -> bool:
        """Take one; False when there is none left."""
        now = time.monotonic()
        self._left = min(FRAMES_BURST, self._left + (now - self._at) * FRAMES_PER_SECOND)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Outbox:
    """Frames on their way out: bounded, in order, written by one task that lives only while there is something."""

    def __init__(self, write: Callable[[Payload], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: deque[Payload] = deque()
        self._job: asyncio.Task | None = None

    def put(self, payload: Payload) -> None:
        """Queue a frame; when the reader is too slow, all that waits gives way to one `resync`."""
        if len(self._waiting) >= MAX_WAITING:
            self._waiting.clear()
            payload = RESYNC
        self._waiting.append(payload)
        if self._job is None or self._job.done():
            self._job = asyncio.get_running_loop().create_task(self._drain())

    def stop(self) -> None:
        """Drop what waits; the socket is closing."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._write(self._waiting.popleft())
        except OSError:  # the reader went away between two frames; `disconnect` follows
            self._waiting.clear()
