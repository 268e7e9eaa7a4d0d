"""The engines behind the one interface; `primary` answers, `fallback` answers when it cannot."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from search.engines.base import Engine, EngineAway
from search.outbox import DATABASE, ELASTICSEARCH, engine_names

__all__ = ["Engine", "EngineAway", "engine", "fallback", "primary"]


@cache
def engine(name: str) -> Engine:
    """The engine of that name, one a process. Raises LookupError for a name that is not configured."""
    if name == DATABASE:
        from search.engines.database import DatabaseEngine

        return DatabaseEngine()
    if name == ELASTICSEARCH and settings.ELASTICSEARCH_URL:
        from search.engines.elasticsearch import ElasticsearchEngine

        return ElasticsearchEngine(settings.SEARCH_INDEX_PREFIX)
    raise LookupError(f"There is no search engine {name!r} here. Configured: {', '.join(engine_names())}.")


def primary() -> Engine:
    """The best engine that is configured."""
    return engine(engine_names()[-1])


def fallback() -> Engine:
    return engine(DATABASE)
