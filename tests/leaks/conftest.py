"""The world is built once for all tests here: each of them runs in a savepoint that is taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction

from search import engines
from tests.leaks.world import World, build


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The lean world: one space and one section of every audience."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield built(seed=0)
        transaction.set_rollback(True)


def built(*, seed: int, extra: int = 0) -> World:
    """A world whose search index, in every engine, holds nothing else."""
    if settings.ELASTICSEARCH_URL:
        _emptied()
    world = build(seed, extra=extra)
    for name in ("database", "elasticsearch")[: 1 + bool(settings.ELASTICSEARCH_URL)]:
        engines.engine(name).refresh()
    return world


def _emptied() -> None:
    from elasticsearch import Elasticsearch

    names = f"{settings.SEARCH_INDEX_PREFIX}-*"
    client = Elasticsearch(settings.ELASTICSEARCH_URL, request_timeout=30)
    client.indices.refresh(index=names)
    client.delete_by_query(index=names, query={"match_all": {}}, refresh=True, conflicts="proceed")
