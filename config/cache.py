"""A Redis cache that never takes a page down: while Redis is away, this process caches for itself.

Django makes a cache object for each context, which under ASGI is each request. Made with an object of its own, a
request would open its own connection to Redis, and find out for itself that Redis is away; so all objects of a process
share one client for a server, and what is known of it.
"""

from __future__ import annotations

import logging
import time
from functools import cached_property, lru_cache
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger("threadwell.cache")
PAUSE_SECONDS = 5.0


class SharedClient(RedisCacheClient):
    """Django's, with one client of redis-py a server: it is safe among threads, and dear to make."""

    paused_until = 0.0  # by time.monotonic()

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        pool = self._get_connection_pool(write)
        return _redis(pool)


@lru_cache
def _redis(pool: Any) -> Redis:
    return Redis(connection_pool=pool)


@lru_cache
def _shared(servers: tuple[str, ...], options: tuple[tuple[str, Any], ...]) -> SharedClient:
    return SharedClient(list(servers), **dict(options))


def _guarded(name: str):
    def call(self: ForgivingRedisCache, *args: Any, **kwargs: Any) -> Any:
        client = self._cache
        if time.monotonic() >= client.paused_until:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except RedisError as error:
                client.paused_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("Redis does not answer, caching in this process: %s", error)
        return getattr(self._fallback, name)(*args, **kwargs)

    call.__name__ = name
    return call


class ForgivingRedisCache(RedisCache):
    """Django's RedisCache with short timeouts and a cache of the process's own behind it."""

    def __init__(self, server: str, params: dict) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_connect_timeout", 0.5)
        options.setdefault("socket_timeout", 0.5)
        super().__init__(server, params)
        self._fallback = LocMemCache("forgiving", {"MAX_ENTRIES": 5_000})

    @cached_property
    def _cache(self) -> SharedClient:
        return _shared(tuple(self._servers), tuple(sorted(self._options.items())))

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
