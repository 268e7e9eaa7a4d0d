"""Running a scene against the site and telling what it cost."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench import client, cpu
from bench.people import TOKEN, Visitor, client_of
from bench.scenes import Scene
from bench.site import Site


@dataclass(frozen=True)
class Result:
    """One line of the table. CPU is in milliseconds a request."""

    page: str
    who: str
    connections: int
    requests: int
    per_second: float
    p50: float
    p95: float
    application: float
    database: float
    worker: float
    redis: float
    elasticsearch: float
    statements: int
    body: int
    errors: int
    load: float

    @property
    def cpu(self) -> float:
        return self.application + self.database

    def plain(self) -> dict:
        return asdict(self)


def measure(site: Site, scene: Scene, visitors: list[Visitor], *, who: str, seconds: float, gzip: bool) -> Result:
    """Load a page over one connection a visitor for so long, after a short warming."""
    asks = [scene.requests(v, start=number * 13, gzip=gzip) for number, v in enumerate(visitors)]
    asyncio.run(client.run(site.port, asks, seconds=min(2.0, seconds)))
    before = site.seconds()
    tally = asyncio.run(client.run(site.port, asks, seconds=seconds))
    used = {part: (after - before[part]) * 1_000 / max(1, tally.count) for part, after in site.seconds().items()}
    expected = 302 if scene.is_reply else 200
    return Result(
        page=scene.name, who=who, connections=len(visitors), requests=tally.count,
        per_second=tally.count / tally.seconds, p50=tally.quantile(0.5), p95=tally.quantile(0.95), **used,
        statements=0 if len(visitors) > 1 else statements(scene, who == "signed in"), body=tally.size,
        errors=tally.count - tally.statuses.get(expected, 0), load=cpu.load(),
    )  # fmt: skip


def statements(scene: Scene, is_signed_in: bool) -> int:
    """How many SQL statements the page takes the second time somebody asks for it."""
    person = User.objects.filter(is_agent=False, is_moderator=False).order_by("-pk").first() if is_signed_in else None
    browser = client_of(person)

    def once(turn: int) -> None:
        if scene.is_reply:
            fields = {"body": f"Words of turn {turn}", "key": uuid4().hex, "csrfmiddlewaretoken": TOKEN}
            browser.post(scene.paths[0], fields)
        else:
            browser.get(scene.paths[0])

    once(1)
    with CaptureQueriesContext(connection) as told:
        once(2)
    return len(told)
