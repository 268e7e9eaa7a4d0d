"""The nudge that saves the worker its wait. Losing one costs only latency: the worker also looks by itself."""

from __future__ import annotations

import logging
import threading
import time

import redis
from django.conf import settings

logger = logging.getLogger("threadwell.events")
_local = threading.Event()
_KEY = "threadwell:wake"
_client: redis.Redis | None = None
_quiet_until = 0.0


def worker() -> None:
    """Tell a waiting worker, in this process or another, that there is something to do. Never raises."""
    _local.set()
    if settings.REDIS_URL:
        _try(lambda client: client.pipeline().lpush(_KEY, 1).ltrim(_KEY, 0, 0).execute())


def wait(seconds: float) -> None:
    """Return when woken, or after `seconds`."""
    if settings.REDIS_URL and _try(lambda client: client.blpop([_KEY], timeout=max(1, int(seconds)))) is not False:
        return
    _local.wait(min(seconds, 0.5))
    _local.clear()


def _try(call):  # type: ignore[no-untyped-def]
    """Run a Redis call; on failure return False and leave Redis alone for five seconds."""
    global _client, _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        if _client is None:
            _client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=3)
        return call(_client)
    except redis.RedisError as error:
        _quiet_until = time.monotonic() + 5
        logger.warning("Redis does not answer, the worker looks every half second instead: %s", error)
        return False
