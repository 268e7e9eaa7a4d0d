"""Every few seconds, for all sockets of this process at once: whose sign-in has ended hears nothing more."""

from __future__ import annotations

import asyncio
import logging
from typing import Final, Protocol

from channels.db import database_sync_to_async
from django.db import DatabaseError

from community.notifications.live import access

logger = logging.getLogger("threadwell.live")
EVERY_SECONDS: Final = 4.0


class Walker(Protocol):
    """A socket, as the patrol sees it."""

    visit: access.Visit
    loop: asyncio.AbstractEventLoop

    async def end(self) -> None: ...


_sockets: dict[asyncio.AbstractEventLoop, set[Walker]] = {}
_rounds: dict[asyncio.AbstractEventLoop, asyncio.Task] = {}


def enter(socket: Walker) -> None:
    """Look after a signed-in socket until it leaves. Called on its loop."""
    _sockets.setdefault(socket.loop, set()).add(socket)
    task = _rounds.get(socket.loop)
    if task is None or task.done():
        _rounds[socket.loop] = socket.loop.create_task(_walk(socket.loop), name="threadwell-patrol")


def leave(socket: Walker) -> None:
    sockets = _sockets.get(socket.loop, set())
    sockets.discard(socket)
    if not sockets:
        _sockets.pop(socket.loop, None)
        task = _rounds.pop(socket.loop, None)
        if task is not None:
            task.cancel()


async def _walk(loop: asyncio.AbstractEventLoop) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        sockets = list(_sockets.get(loop, ()))
        try:
            ended = await database_sync_to_async(access.ended)({socket.visit for socket in sockets})
        except DatabaseError as error:
            logger.warning("The patrol of sockets could not ask the database: %s", error)
            continue
        # By tasks of their own: ending the last socket cancels this walk.
        for socket in sockets:
            if socket.visit in ended:
                loop.create_task(socket.end())
