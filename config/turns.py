"""Who answers now: few requests at once while they work, more while they only wait for somebody else.

Python runs one thread at a time, so requests that all compute only take the lock from each other: here eight at once
cost up to twice the CPU of the same eight after one another. Requests that wait (for a search, a child, a slow
statement) must not keep the others waiting, though. So `FEW` begin at once, and another whenever this process was seen
to stand still, up to the number of its threads.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any, Final

FEW: Final = 2
LOOK_SECONDS: Final = 0.05
STANDS_STILL: Final = 0.5  # of one processor: below that, those who are inside are waiting


class Turns:
    """The requests inside, and those before the door, in their order; lives on one event loop."""

    def __init__(self, most: int) -> None:
        self.most, self.few = most, min(FEW, most)
        self.inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._looking: asyncio.TimerHandle | None = None
        self._seen = (0.0, 0.0)

    @property
    def is_crowded(self) -> bool:
        """Whether more wait here than can begin next."""
        return len(self._waiting) >= self.few

    async def enter(self, gone: asyncio.Future[Any]) -> bool:
        """Wait for a turn; False when `gone` came first, and then there is nothing to leave."""
        if self.inside < self.few and not self._waiting:
            self.inside += 1
            return True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._look_soon()
        try:
            await asyncio.wait({turn, gone}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._give_up(turn)
            raise
        if turn.done():
            return True
        self._give_up(turn)
        return False

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        if turn.done():
            self.leave()
        else:
            self._waiting.remove(turn)

    def leave(self) -> None:
        """End of a turn: the next one begins."""
        self.inside -= 1
        if self._waiting and self.inside < self.few:
            self._admit()

    def _admit(self) -> None:
        self.inside += 1
        self._waiting.popleft().set_result(None)

    def _look_soon(self) -> None:
        if self._looking is None:
            self._seen = (time.monotonic(), time.process_time())
            self._looking = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        """Let one more in where the process did little since the last look; go on looking while somebody waits."""
        self._looking = None
        moment, worked = self._seen
        is_still = time.process_time() - worked < STANDS_STILL * (time.monotonic() - moment)
        if self._waiting and is_still and self.inside < self.most:
            self._admit()
        if self._waiting:
            self._look_soon()
