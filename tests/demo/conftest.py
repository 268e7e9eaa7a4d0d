"""The demo community, loaded once for all of these tests and taken back at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from accounts.events import worker
from config.demo.load import load
from config.demo.world import World


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One outer transaction around everything: the tests' own ones nest in it, and the end rolls it back."""
    world = World()
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEBUG=True):
            for _part in load(world):
                pass
        worker.drain()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded: World, db) -> World:
    """The loaded world; what a test changes is taken back after it."""
    return _loaded
