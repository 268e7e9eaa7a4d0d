"""One hub per process: hints come in by Redis (or straight, without it) and fan out to this process's sockets.

A hint may be lost; the numbered rows may not. So nothing here waits, retries or raises: sockets catch up by number.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

import redis
import redis.asyncio
from django.conf import settings
from django.db import connection, transaction
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

logger = logging.getLogger("threadwell.live")
PAUSE_SECONDS: Final = 5.0
RECONNECT_SECONDS: Final = (0.2, 0.5, 1.0, 2.0)
RESYNC: Final = {"type": "resync"}
# redis-py would connect again by itself and say nothing; we must know of every cut, to look what it swallowed.
_NO_RETRY: Final = Retry(NoBackoff(), 0)
Payload = dict[str, Any]
Hint = tuple[str, Payload]


class Sink(Protocol):
    """A socket's end of the hub. `hint` is called on the socket's own event loop and must not wait."""

    loop: asyncio.AbstractEventLoop

    def hint(self, group: str, payload: Payload) -> None: ...


def channel_name() -> str:
    """Redis knows no databases in publish/subscribe, so the channel names the installation: its key and database."""
    identity = f"{settings.SECRET_KEY}/{connection.settings_dict['NAME']}"
    return f"threadwell:live:{hashlib.sha256(identity.encode()).hexdigest()[:16]}"


class Hub:
    """Groups of sinks, and the one Redis subscription that feeds them while there are any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: dict[str, set[Sink]] = defaultdict(set)
        self._sinks: dict[Sink, set[str]] = {}
        self._listeners: dict[asyncio.AbstractEventLoop, asyncio.Task] = {}

    def join(self, sink: Sink, group: str) -> None:
        """Let a sink hear a group. Called on the sink's loop."""
        with self._lock:
            self._sinks.setdefault(sink, set()).add(group)
            self._groups[group].add(sink)
        self._listen(sink.loop)

    def leave(self, sink: Sink, group: str) -> None:
        with self._lock:
            self._sinks.get(sink, set()).discard(group)
            self._drop(sink, group)

    def forget(self, sink: Sink) -> None:
        """The socket is gone."""
        with self._lock:
            for group in self._sinks.pop(sink, set()):
                self._drop(sink, group)
            last = all(other.loop is not sink.loop for other in self._sinks)
            listener = self._listeners.pop(sink.loop, None) if last else None
        if listener is not None:
            listener.cancel()

    def count(self, group: str | None = None) -> int:
        """How many sockets this process holds, or holds in one group."""
        with self._lock:
            return len(self._sinks) if group is None else len(self._groups.get(group, ()))

    def people(self) -> set[int]:
        """The ids of those who are signed in and have a socket open in this process."""
        with self._lock:
            return {int(group[5:]) for group in self._groups if group.startswith("user.")} - {0}

    def fan_out(self, group: str, payload: Payload) -> None:
        """Hand a hint to this process's sinks of a group; callable from any thread."""
        with self._lock:
            sinks = list(self._groups.get(group, ()))
        self._hand(sinks, group, payload)

    def resync(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hints may have been missed: every sink of this loop looks at the database."""
        with self._lock:
            sinks = [sink for sink in self._sinks if sink.loop is loop]
        self._hand(sinks, "", RESYNC)

    def _hand(self, sinks: list[Sink], group: str, payload: Payload) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[Sink]] = defaultdict(list)
        for sink in sinks:
            by_loop[sink.loop].append(sink)
        for loop, its_sinks in by_loop.items():
            try:
                loop.call_soon_threadsafe(_hint_all, its_sinks, group, payload)
            except RuntimeError:  # that loop has ended; its sockets are gone with it
                for sink in its_sinks:
                    self.forget(sink)

    def _drop(self, sink: Sink, group: str) -> None:
        members = self._groups.get(group)
        if members is not None:
            members.discard(sink)
            if not members:
                del self._groups[group]

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        listener = self._listeners.get(loop)
        if settings.REDIS_URL and (listener is None or listener.done()):
            self._listeners[loop] = loop.create_task(self._feed(loop), name="threadwell-live")

    async def _feed(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hold the subscription for as long as there are sinks; whenever it was cut, all sinks look for themselves."""
        failures = 0
        while True:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, retry=_NO_RETRY)
            try:
                async with client.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(channel_name())
                    failures = 0
                    self.resync(loop)
                    while True:
                        message = await subscription.get_message(timeout=5)
                        if message is not None:
                            self._receive(message["data"])
            except (redis.RedisError, OSError) as error:
                if not failures:
                    logger.warning("Redis does not answer, hints stay in each process: %s", error)
                await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
                failures += 1
            finally:
                await client.aclose()

    def _receive(self, data: bytes) -> None:
        try:
            hint = json.loads(data)
            group, payload = hint["g"], hint["p"]
        except (ValueError, KeyError, TypeError):
            logger.warning("A hint that is none came by Redis and was left out.")
            return
        self.fan_out(group, payload)


def _hint_all(sinks: list[Sink], group: str, payload: Payload) -> None:
    for sink in sinks:
        sink.hint(group, payload)


hub = Hub()
_client: redis.Redis | None = None
_quiet_until = 0.0


def publish(group: str, payload: Payload) -> None:
    """Send a hint (`{"type": …}` and ids, never content) to all sockets of a group, in whichever process they are.

    Goes out when the running transaction commits. Callable from any thread or process; never raises for Redis' sake.
    """
    publish_all([(group, payload)])


def publish_all(hints: Iterable[Hint]) -> None:
    """As `publish`, for several hints, in their order: Redis is spoken to once."""
    hints = list(hints)
    transaction.on_commit(lambda: send_all(hints), robust=True)


def send(group: str, payload: Payload) -> None:
    """As `publish`, at once."""
    send_all([(group, payload)])


def send_all(hints: Sequence[Hint]) -> None:
    """As `publish_all`, at once."""
    if settings.REDIS_URL and _send_by_redis(hints):
        return
    for group, payload in hints:
        hub.fan_out(group, payload)


def _send_by_redis(hints: Sequence[Hint]) -> bool:
    """Whether Redis took the hints; after a failure it is left alone for five seconds."""
    global _client, _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        if _client is None:
            _client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5)
        channel, pipe = channel_name(), _client.pipeline(transaction=False)
        for group, payload in hints:
            pipe.publish(channel, json.dumps({"g": group, "p": payload}, separators=(",", ":")))
        pipe.execute()
    except redis.RedisError as error:
        _quiet_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("Redis does not answer, these hints stay in this process: %s", error)
        return False
    return True
