"""The nudge that saves the worker its wait. Losing one costs only latency: the worker also looks by itself."""

from __future__ import annotations

import logging
import threading
import time
from functools import lru_cache
from typing import Final

import redis
from django.conf import settings

from accounts.events.committed import once_committed

logger = logging.getLogger("threadwell.events")
PUSH_SECONDS: Final = 0.5  # somebody's request waits no longer for a Redis that hangs
LISTEN_SECONDS: Final = 3.0  # a worker listens longer: Redis answers when its time is over
_local = threading.Event()
_KEY = "threadwell:wake"
_quiet_until = 0.0


def worker() -> None:
    """Tell a waiting worker, in this process or another, that there is something to do. Never raises."""
    _local.set()
    if settings.REDIS_URL:
        _try(lambda client: client.pipeline(transaction=False).lpush(_KEY, 1).ltrim(_KEY, 0, 0).execute(), PUSH_SECONDS)


def when_committed() -> None:
    """Tell it once, when the running transaction commits; at once where none runs."""
    once_committed(worker)


def wait(seconds: float) -> None:
    """Return when woken, or after `seconds` (at most two with Redis)."""
    most = max(1, min(int(seconds), 2))
    if settings.REDIS_URL and _try(lambda client: client.blpop([_KEY], timeout=most), LISTEN_SECONDS) is not False:
        return
    _local.wait(min(seconds, 0.5))
    _local.clear()


def _try(call, seconds: float):  # type: ignore[no-untyped-def]
    """Run a Redis call, for so long; on failure return False and leave Redis alone for five seconds."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        return call(_client(settings.REDIS_URL, seconds))
    except redis.RedisError as error:
        _quiet_until = time.monotonic() + 5
        logger.warning("Redis does not answer, the worker looks every half second instead: %s", error)
        return False


@lru_cache
def _client(url: str, seconds: float) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=PUSH_SECONDS, socket_timeout=seconds)
