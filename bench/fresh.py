"""What a run needs beside the rows: current indexes, nothing that waits for the worker, and a node that is warm."""

from __future__ import annotations

import asyncio
from urllib.parse import quote_plus

from bench import client
from bench.people import Visitor
from bench.scenes import Scene
from bench.site import Site
from bench.words import Writer

WARMING = 3_000


def bring_up_to_date() -> None:
    """Build the indexes that are missing or of an older mapping, and do what an earlier run left to the worker."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db.models import F

    from accounts.events import worker
    from community.forums.models import Topic
    from search.engines import engine
    from search.sources import sources

    # A seed of before this column was counted; there are no whispers here.
    Topic.objects.exclude(last_shown_number=F("last_post_number")).update(last_shown_number=F("last_post_number"))
    if settings.ELASTICSEARCH_URL and engine("elasticsearch").missing([source.kind for source in sources()]):
        call_command("search_rebuild", engine=["elasticsearch"])
    worker.drain()


def warm_search(site: Site, *, connections: int) -> None:
    """Ask what no measured page asks, until Elasticsearch has compiled what it runs: before, a search costs it three
    times as much."""
    writer = Writer(8)
    paths = [f"/search/?q={quote_plus(' '.join(writer.some(1 + number % 3)))}" for number in range(WARMING)]
    scene, crowd = Scene("warming", paths, stride=WARMING // 100), [Visitor()] * connections
    asks = [scene.requests(visitor, start=number * 13, gzip=False) for number, visitor in enumerate(crowd)]
    asyncio.run(client.run(site.port, asks, each=WARMING // connections))
