"""The world is built once for all tests here: each of them runs in a savepoint that is taken back."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from search import engines
from tests.leaks.world import World, build


@pytest.fixture(autouse=True)
def _pages_are_kept(settings) -> None:
    """As in production: what is kept for nobody must not outlive what it shows."""
    settings.KEPT_PAGE_SECONDS = 60


@pytest.fixture
def world(_built: World) -> World:
    """The lean world, with rows of this test's own: what a service changes on them is not met by the next test."""
    return copy.deepcopy(_built)


@pytest.fixture(scope="package")
def _built(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One space and one section of every audience."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield built(seed=0)
        transaction.set_rollback(True)


def built(*, seed: int, extra: int = 0) -> World:
    """A world whose search index, in every engine, holds nothing else."""
    if django_settings.ELASTICSEARCH_URL:
        _emptied()
    world = build(seed, extra=extra)
    for name in ("database", "elasticsearch")[: 1 + bool(django_settings.ELASTICSEARCH_URL)]:
        engines.engine(name).refresh()
    return world


def _emptied() -> None:
    from elasticsearch import Elasticsearch

    names = f"{django_settings.SEARCH_INDEX_PREFIX}-*"
    client = Elasticsearch(django_settings.ELASTICSEARCH_URL, request_timeout=30)
    client.indices.refresh(index=names)
    client.delete_by_query(index=names, query={"match_all": {}}, refresh=True, conflicts="proceed")
