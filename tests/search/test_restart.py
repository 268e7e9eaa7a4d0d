"""A cluster that dies in the middle of a rebuild: once it is back, index and database agree."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.events import worker
from accounts.viewer import viewer_for
from search import engines, indexer, parser, reconcile, services
from search.engines import Engine, EngineAway
from search.models import DirtyMark, EngineHold
from search.sources import source_for, sources
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user
from tests.factories.spaces import make_space
from tests.services import elasticsearch
from tests.services.process import Server, free_port

TOPICS = 6


class Node:
    """A node of our own, whose data outlive it."""

    def __init__(self, folder: Path, settings) -> None:
        self.folder, self.settings = folder, settings
        self.server: Server | None = None
        settings.SEARCH_INDEX_PREFIX = f"restarted-{free_port()}"

    def up(self) -> None:
        self.server, self.settings.ELASTICSEARCH_URL = elasticsearch.start(self.folder, fast=True)
        engines.engine.cache_clear()
        indexer.forget()

    def down(self) -> None:
        """As by a power cut."""
        if self.server is not None and self.server.process.poll() is None:
            os.killpg(self.server.process.pid, signal.SIGKILL)
            self.server.process.wait()


@pytest.fixture
def node(settings) -> Iterator[Node]:
    """Not under pytest's folder, which every run closes to the user that the server runs as."""
    folder = Path(tempfile.mkdtemp(prefix="threadwell-"))
    folder.chmod(0o755)
    node = Node(folder, settings)
    yield node
    node.down()
    shutil.rmtree(folder, ignore_errors=True)
    engines.engine.cache_clear()
    indexer.forget()


def dying_at(count: int, node: Node) -> Callable[[int], None]:
    """What counts the documents that a rebuild has read, and ends the node at so many."""
    read = 0

    def progress(done: int) -> None:
        nonlocal read
        read += done
        if read == count:
            node.down()

    return progress


def caught_up() -> Engine:
    """Let the worker work until nothing waits for Elasticsearch and it answers."""
    target, until = engines.primary(), time.monotonic() + 180
    while time.monotonic() < until:
        EngineHold.objects.update(until=timezone.now())
        worker.drain()
        try:
            target.refresh()
        except EngineAway:
            continue
        is_settled = not DirtyMark.objects.filter(engine=target.name).exists()
        if is_settled and not services.search(viewer_for(None), parser.parse("lantern")).degraded:
            break
    return target


def differences(engine: Engine) -> dict[str, reconcile.Difference]:
    """What `search_reconcile` finds, by kind."""
    return {source.kind: found for source in sources() if (found := reconcile.compare(engine, source))}


@pytest.mark.long
@pytest.mark.es
@pytest.mark.django_db(transaction=True)
def test_cluster_that_dies_at_any_point_of_a_rebuild_agrees_with_the_database_once_it_is_back(settings, node: Node):
    settings.SEARCH_BULK_DOCUMENTS = 2
    node.up()
    space, author, source = make_space(), make_user(), source_for("topic")
    topics = [make_topic(space=space, author=author, title=f"Lantern {number}") for number in range(TOPICS)]
    engine = caught_up()
    assert source is not None and not differences(engine)

    for point in ("filling", "read"):  # and before the new index answers
        with pytest.raises(EngineAway):
            reconcile.rebuild(engine, source, progress=dying_at(2 if point == "filling" else len(topics), node))
        topics.append(make_topic(space=space, author=author, title=f"Lantern in the dark {point}"))
        make_reply(topics[0], author=author, body=f"Nobody indexes this now: {point}.")
        worker.drain()
        dark = services.search(viewer_for(None), parser.parse("lantern"))
        assert dark.degraded and dark.total == len(topics)

        node.up()
        engine = caught_up()
        assert not differences(engine), point
        light = services.search(viewer_for(None), parser.parse("lantern"))
        assert not light.degraded and light.total == len(topics), point

    assert reconcile.rebuild(engine, source) == len(topics)
    assert not differences(engine)
