"""The one socket of a page. It carries numbers and ids only; the page fetches what they stand for over HTTP.

Notifications flow by a cursor: whatever hints arrive or get lost, the socket sends the rows after the last number
that it sent, from the database, in order, each once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Coroutine
from typing import Final

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from accounts.factors.policies import is_asked_of, must_set_up
from community.notifications.live import access, patrol
from community.notifications.live.groups import newest_in
from community.notifications.live.hub import RESYNC, Payload, hub
from community.notifications.live.limits import FrameBudget, Outbox, sockets_full

logger = logging.getLogger("threadwell.live")
MAX_FRAME: Final = 2_048
MAX_WATCHED: Final = 20
MAX_REPLAY: Final = 200
MOST_UNCHECKED: Final = 20
RECHECK_SECONDS: Final = 1.0
CLOSE_NOT_UNDERSTOOD: Final = 4400
CLOSE_SIGNED_OUT: Final = 4401
CLOSE_TOO_MUCH: Final = 4429


class LiveConsumer(AsyncWebsocketConsumer):
    """`/ws/live/`. Server: hello, notification, unread, resync, watching, newer, refused, pong, the hints of groups.

    Client: `{"type": "resume", "since": n}` after hello, `watch` (perhaps with the last number that the page has) and
    `unwatch` with a group, `ping`.
    """

    async def connect(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.visit = access.Visit.of(self.scope)
        person = self.scope["user"]
        if is_asked_of(person) and await database_sync_to_async(must_set_up)(person):
            self.visit = access.Visit(None)
        self.budget = FrameBudget()
        self.watched: dict[str, float] = {}
        self.cursor: int | None = None
        self.catching_up = asyncio.Lock()
        self.jobs: set[asyncio.Task] = set()
        self.unchecked: dict[str, list[Payload]] = {}
        self.is_hearing = self.heard_more = False
        self.outbox = Outbox(self._write)
        self.is_open = not sockets_full(hub, self.visit.user_id)
        if not self.is_open:
            await self.close(code=CLOSE_TOO_MUCH)
            return
        hub.join(self, f"user.{self.visit.user_id or 0}")
        hub.join(self, access.CHANGED)
        await self.accept()
        if self.visit.user_id is not None:
            patrol.enter(self)
        async with self.catching_up:  # hello comes first, whatever the hub hears meanwhile
            await self._guarded(self._greet("hello"))

    async def disconnect(self, code: int) -> None:
        self.is_open = False
        hub.forget(self)
        patrol.leave(self)
        self.outbox.stop()
        for job in list(self.jobs):
            job.cancel()

    async def end(self) -> None:
        """The sign-in behind this socket is over."""
        await self._shut(CLOSE_SIGNED_OUT)

    def say(self, payload: Payload) -> None:
        """Queue a frame; a reader that is too slow gets one `resync` instead of a growing buffer."""
        if self.is_open:
            self.outbox.put(payload)

    async def _write(self, payload: Payload) -> None:
        await self.send(text_data=json.dumps(payload, separators=(",", ":")))

    async def _shut(self, code: int) -> None:
        if self.is_open:
            self.is_open = False
            hub.forget(self)
            self.outbox.stop()
            await self.close(code=code)

    # from the browser

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.is_open:
            return
        if not self.budget.spend():
            await self._shut(CLOSE_TOO_MUCH)
            return
        match _parsed(text_data):
            case {"type": "resume", "since": int(since)} if 0 <= since < 2**62:
                await self._guarded(self._resume(since))
            case {"type": "watch", "group": str(group), "have": int(have)}:
                await self._guarded(self._watch(group, have))
            case {"type": "watch", "group": str(group)}:
                await self._guarded(self._watch(group))
            case {"type": "unwatch", "group": str(group)}:
                self._unwatch(group)
            case {"type": "ping"}:
                await self._guarded(self._pong())
            case _:
                await self._shut(CLOSE_NOT_UNDERSTOOD)

    async def _greet(self, kind: str) -> None:
        self.say({"type": kind, **await database_sync_to_async(access.greet)(self.visit)})

    async def _resume(self, since: int) -> None:
        if self.visit.user_id is not None:
            self.cursor = since
            await self._catch_up()

    async def _watch(self, group: str, have: int | None = None) -> None:
        """Listen to a group. What came between the making of the page, which has up to `have`, and this is told now."""
        if len(self.watched) >= MAX_WATCHED or not await database_sync_to_async(access.allowed)(self.visit, group):
            self.say({"type": "refused", "group": group[:80]})
            return
        self.watched[group] = time.monotonic()
        hub.join(self, group)
        self.say({"type": "watching", "group": group})
        if have is not None and (newest := await database_sync_to_async(newest_in)(group)) > have:
            self.say({"type": "newer", "group": group, "number": newest})

    def _unwatch(self, group: str) -> None:
        if self.watched.pop(group, None) is not None:
            hub.leave(self, group)

    async def _pong(self) -> None:
        await self._catch_up()
        await self._greet("pong")

    # from the hub

    def hint(self, group: str, payload: Payload) -> None:
        """Called by the hub on this socket's loop; it must not wait, so what asks the database becomes a job."""
        if group == access.CHANGED:
            access.forget_verdicts()
            self.watched = dict.fromkeys(self.watched, float("-inf"))
        elif payload is RESYNC:
            self._start(self._look_again())
        elif group in self.watched:
            self._say_or_ask(group, payload)
        elif payload.get("type") == "notification":
            self._hear(payload)
        elif group == f"user.{self.visit.user_id}":
            self.say(payload)

    async def _look_again(self) -> None:
        """Hints were lost on the way: missed notifications are replayed, and the page looks at what it watches."""
        await self._catch_up()
        self.say(RESYNC)

    def _say_or_ask(self, group: str, payload: Payload) -> None:
        """Say it, or ask first whether the visitor still may. However many hints come meanwhile, one question is asked
        and few are kept: a page that is told to look again needs none of them."""
        if group in self.unchecked:
            waiting = self.unchecked[group]
            self.unchecked[group] = [*waiting, payload] if len(waiting) < MOST_UNCHECKED else [RESYNC]
        elif time.monotonic() - self.watched[group] < RECHECK_SECONDS:
            self.say(payload)
        else:
            self.unchecked[group] = [payload]
            self._start(self._say_if_allowed(group))

    async def _say_if_allowed(self, group: str) -> None:
        try:
            may = await database_sync_to_async(access.allowed)(self.visit, group)
        finally:
            payloads = self.unchecked.pop(group)
        if group not in self.watched:
            return
        if may:
            self.watched[group] = time.monotonic()
            for payload in payloads:
                self.say(payload)
        else:
            self._unwatch(group)
            self.say({"type": "refused", "group": group})

    def _hear(self, hint: Payload) -> None:
        """Catch up on a notification. Those that come while one look is under way share the next."""
        if self.is_hearing:
            self.heard_more = True
        else:
            self.is_hearing = True
            self._start(self._hear_all(hint))

    async def _hear_all(self, hint: Payload) -> None:
        try:
            await self._catch_up(hint)
            while self.heard_more:
                self.heard_more = False
                await self._catch_up()
        finally:
            self.is_hearing = self.heard_more = False

    async def _catch_up(self, hint: Payload | None = None) -> None:
        """Send what came after the cursor. The next number in line needs no look at the database."""
        async with self.catching_up:
            if self.cursor is None or (hint and hint["number"] <= self.cursor):
                return
            if hint and hint["number"] == self.cursor + 1:
                self.cursor += 1
                self.say(hint)
                return
            found = await database_sync_to_async(access.missed)(self.visit, self.cursor, MAX_REPLAY)
            self.cursor = found.last
            if found.too_many:
                self.say({**RESYNC, "last": found.last, "unread": found.unread})
                return
            for number in found.numbers:
                self.say({"type": "notification", "number": number, "unread": found.unread})

    def _start(self, work: Coroutine[None, None, None]) -> None:
        job = self.loop.create_task(self._guarded(work))
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except DatabaseError as error:
            logger.warning("A socket could not look at the database; it does with its next ping: %s", error)


class NowhereConsumer(AsyncWebsocketConsumer):
    """Any other socket address: refused."""

    async def connect(self) -> None:
        await self.close()


def _parsed(text: str | None) -> dict | None:
    """The frame, or None for what is no small JSON object."""
    if text is None or len(text) > MAX_FRAME:
        return None
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None
