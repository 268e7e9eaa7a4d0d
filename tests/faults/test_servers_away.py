"""Servers taken away and given back under steady writes: pages answer, and everything arrives in the end (E1–E15)."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.community.notifications.servers import database_url
from tests.faults import audit
from tests.faults.ledger import Ledger, Scene
from tests.faults.proxy import Mode, Proxy
from tests.faults.town import Town, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis, pytest.mark.es]

KINDS = ["reply", "topic", "vote", "message", "idea", "flag", "idea_vote", "sign_up", "accept"]
RIGHT = {200, 201, 302, 400, 403}  # 400 and 403: flagged before


class Coast:
    """A town that reaches each of its servers through a proxy, with a reader who turns pages all the time."""

    def __init__(self, folder: Path, letters) -> None:
        self.handler, mail_port = letters
        addresses = {
            "DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL,
            "ELASTICSEARCH_URL": settings.ELASTICSEARCH_URL, "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }  # fmt: skip
        self.proxies: dict[str, Proxy] = {}
        env = {}
        for name, url in addresses.items():
            parts = urlsplit(url)
            proxy = self.proxies[name.removesuffix("_URL").lower()] = Proxy(parts.hostname or "", parts.port or 0)
            before, at, _host = parts.netloc.rpartition("@")
            env[name] = parts._replace(netloc=f"{before}{at}127.0.0.1:{proxy.port}").geturl()
        self.scene = Scene.make()
        self.town = Town(folder, webs=1, **env)
        self.ledger = Ledger(self.scene, self.town.ports)
        self.pages: Counter[tuple[str, object]] = Counter()
        self.degraded: list[bool] = []

    def __enter__(self) -> Coast:
        try:
            self.town.__enter__()
            self.ledger.write("reply")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.town.__exit__()
        for proxy in self.proxies.values():
            proxy.close()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Within: five writes a second, and pages are read."""
        stop = threading.Event()
        writing = self.ledger.keep_writing(KINDS, stop=stop, every=0.2)
        reading = threading.Thread(target=self._read, args=(stop,), daemon=True)
        reading.start()
        try:
            yield
        finally:
            stop.set()
            writing.join(150)
            reading.join(60)

    def away(self, server: str, mode: Mode, seconds: float) -> None:
        """Take a server away for so long, in the middle of it all; `delay` is a fifth of a second a piece."""
        self.proxies[server].set(mode, seconds=0.2)
        time.sleep(seconds)
        self.proxies[server].set("pass")

    def writes(self, number: int) -> None:
        """Wait for so many more."""
        before = len(self.ledger.entries)
        until(lambda: len(self.ledger.entries) >= before + number, 120, lambda: f"{number} more writes")

    def _read(self, stop: threading.Event) -> None:
        reader, turn = self.scene.asker, 0
        paths = ["/", self.scene.topic.get_absolute_url(), "/search/?q=night", "/notifications/", "/ideas/", "/kb/"]
        while not stop.wait(0.1):
            path, port = paths[turn % len(paths)], self.town.ports[turn % len(self.town.ports)]
            turn += 1
            try:
                self.pages[path, reader.get(port, path).status] += 1
                if turn % 3 == 0:
                    self.degraded.append(reader.api(port, "GET", "search?q=night").json["degraded"])
            except OSError as error:
                self.pages[path, type(error).__name__] += 1
            except (KeyError, ValueError):
                continue  # a problem document, which the statuses above count too

    def statuses(self) -> set[object]:
        """What was answered; who signs up over and over while all is away is slowed down, rightly."""
        return {status for _path, status in self.pages} | set(self.ledger.statuses) - {429}

    def problems(self, *, skip_leases: bool) -> list[str]:
        """What is wrong once everything had its time."""
        audit.settle(150, skip_leases=skip_leases)
        until(self._finds_again, 60, lambda: f"the full search\n{self.town.said()}")
        found = audit.problems(self.ledger) + self.handler.problems(most=2)
        return [*found, self.town.said()] if found else []

    def _finds_again(self) -> bool:
        answers = [self.scene.asker.api(port, "GET", "search?q=night").json for port in self.town.ports]
        return all(answer["total"] and not answer["degraded"] for answer in answers)


def test_servers_when_they_hang_and_the_database_restarts_then_pages_say_so_and_everything_arrives(
    tmp_path: Path, letters
) -> None:
    with Coast(tmp_path, letters) as coast:
        with coast.steady():
            for server in ("redis", "elasticsearch", "email"):
                coast.proxies[server].set("hang")
            until(lambda: any(coast.degraded), 120, lambda: f"a search that says it is the simpler one: {coast.pages}")
            coast.writes(5)
            for server in ("redis", "elasticsearch", "email"):
                coast.proxies[server].set("pass")
            assert coast.statuses() <= RIGHT, f"{coast.pages} {coast.ledger.statuses}"

            coast.proxies["database"].set("refuse")
            until(lambda: 503 in coast.statuses(), 60, lambda: f"who was asked to come again: {coast.pages}")
            coast.proxies["database"].set("pass")
            coast.writes(3)

        assert coast.statuses() <= RIGHT | {503}, f"{coast.pages} {coast.ledger.statuses}"
        assert coast.problems(skip_leases=True) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("server", "mode"),
    [
        ("redis", "refuse"), ("redis", "hang"), ("redis", "reset"), ("redis", "delay"), ("elasticsearch", "refuse"),
        ("elasticsearch", "hang"), ("elasticsearch", "reset"), ("elasticsearch", "cut"), ("email", "refuse"),
        ("email", "hang"), ("email", "cut"), ("database", "refuse"), ("database", "reset"), ("database", "hang"),
        ("database", "cut"),
    ],
)  # fmt: skip
def test_server_when_taken_away_for_half_a_minute_then_everything_arrives_within_its_time(
    tmp_path: Path, letters, server: str, mode: Mode
) -> None:
    with Coast(tmp_path, letters) as coast:
        with coast.steady():
            coast.writes(5)
            coast.away(server, mode, 30)
            coast.writes(5)

        allowed = RIGHT | ({503} if server == "database" else set())
        assert coast.statuses() <= allowed, f"{coast.pages} {coast.ledger.statuses}"
        assert coast.problems(skip_leases=False) == []
