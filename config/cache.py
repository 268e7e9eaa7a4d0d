"""A Redis cache that never takes a page down: while Redis is away, this process caches for itself."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger("threadwell.cache")
PAUSE_SECONDS = 5.0


def _guarded(name: str):
    def call(self: ForgivingRedisCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._paused_until:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except RedisError as error:
                self._paused_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("Redis does not answer, caching in this process: %s", error)
        return getattr(self._fallback, name)(*args, **kwargs)

    call.__name__ = name
    return call


class ForgivingRedisCache(RedisCache):
    """Django's RedisCache with short timeouts and a cache of the process's own behind it."""

    _paused_until = 0.0

    def __init__(self, server: str, params: dict) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_connect_timeout", 0.5)
        options.setdefault("socket_timeout", 0.5)
        super().__init__(server, params)
        self._fallback = LocMemCache("forgiving", {"MAX_ENTRIES": 5_000})

    get = _guarded("get")
    set = _guarded("set")
    add = _guarded("add")
    delete = _guarded("delete")
    incr = _guarded("incr")
    touch = _guarded("touch")
    has_key = _guarded("has_key")
    get_many = _guarded("get_many")
    set_many = _guarded("set_many")
    delete_many = _guarded("delete_many")
    clear = _guarded("clear")
