"""Sockets through a restart, and a reader who does not read (E23, W3)."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from accounts.models import User
from community.notifications import live
from community.notifications.services import notify
from tests.community.notifications.servers import Page, session_of
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user
from tests.faults.town import Town, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


class Tab:
    """A browser's tab that stays: whenever its socket closes it comes back to any process, with its last number."""

    def __init__(self, ports: list[int], cookie: str, events: int, *, turn: int) -> None:
        self.ports, self.cookie, self.events, self.turn = ports, cookie, events, turn
        self.heard: list[int] = []
        self.closings: list[int] = []

    async def live(self) -> None:
        while len(self.heard) < self.events:
            port = self.ports[self.turn % len(self.ports)]
            self.turn += 1
            try:
                await self._visit(port)
            except ConnectionClosed as closed:
                self.closings.append(closed.rcvd.code if closed.rcvd else 1006)
            except (OSError, InvalidHandshake, TimeoutError):
                await asyncio.sleep(0.1)  # that process is just starting: the other one is tried

    async def _visit(self, port: int) -> None:
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.cookie}"}
        address, origin = f"ws://127.0.0.1:{port}/ws/live/", f"http://127.0.0.1:{port}"
        async with connect(address, origin=origin, additional_headers=headers, compression=None) as socket:
            await socket.recv()
            await socket.send(json.dumps({"type": "resume", "since": self.heard[-1] if self.heard else 0}))
            while len(self.heard) < self.events:
                try:
                    frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
                except TimeoutError:
                    await socket.send('{"type": "ping"}')
                    continue
                if frame["type"] == "notification":
                    self.heard.append(frame["number"])


def restarts(folder: Path, *, people: int, tabs_each: int, events: int, ends: int) -> None:
    """So many processes are told to end, one after the other, and started again, while events pour and tabs listen."""
    users, post = [make_user() for _ in range(people)], make_reply(make_topic())
    with Town(folder, workers=0) as town:
        cookies = [session_of(user) for user in users for _ in range(tabs_each)]
        tabs = [Tab(town.ports, cookie, events, turn=turn) for turn, cookie in enumerate(cookies)]
        listening = threading.Thread(target=lambda: asyncio.run(_all(tabs)))
        listening.start()
        for number in range(1, events + 1):
            _tell(users, post, number)
            if number % (events // 3) == 0 and len(town.deaths) < ends:
                name = town.names()[len(town.deaths)]
                deaths = len(town.deaths)
                until(lambda: all(tab.heard for tab in tabs), 120, lambda: "everyone listens")
                town.send(name, signal.SIGTERM)
                until(lambda deaths=deaths: len(town.deaths) > deaths, 60, lambda name=name: f"{name} ends")
        connections.close_all()
        listening.join(120)

        assert [tab.heard for tab in tabs] == [list(range(1, events + 1))] * len(tabs)
        assert {code for tab in tabs for code in tab.closings} <= {1001, 1012, 1006}
        assert sum(len(tab.closings) for tab in tabs) >= len(tabs) // 2, "nobody's socket was closed"
        assert town.tracebacks() == []


async def _all(tabs: list[Tab]) -> None:
    await asyncio.gather(*(tab.live() for tab in tabs))


def _tell(users: list[User], post, number: int) -> None:
    people = [user.pk for user in users]
    notify(kind="mention", user_ids=people, actor_id=None, target=post, key=f"n:{number}", thread=f"n:{number}")


def test_restart_of_a_process_when_tabs_are_open_then_each_tab_hears_all_once(tmp_path: Path) -> None:
    restarts(tmp_path, people=2, tabs_each=4, events=30, ends=1)


@pytest.mark.long
def test_restart_with_hundreds_of_tabs_then_each_tab_hears_all_once(tmp_path: Path) -> None:
    restarts(tmp_path, people=10, tabs_each=20, events=120, ends=2)


@pytest.mark.long
def test_reader_who_does_not_read_when_hints_pour_then_memory_stays_and_a_resync_waits_for_them(tmp_path: Path) -> None:
    topic = make_topic()
    group = f"topic.{topic.pk}"
    with Town(tmp_path, webs=1, workers=0) as town, Page(town.ports[0]) as slow, Page(town.ports[0]) as quick:
        for page in (slow, quick):
            page.say(type="watch", group=group)
            while page.hear()["type"] != "watching":  # hello, and a resync when the subscription begins
                pass
        _pour(group, 5_000)
        quick.hear_all(3)
        before = _memory(town.pid("web0"))
        _pour(group, 60_000)
        assert quick.hear_all(3), "others hear on"

        assert _memory(town.pid("web0")) - before < 12_000, "kB that one slow reader costs"
        heard = slow.hear_all(3)
        # What the machine's own buffers held comes late; what they could not hold is told as one resync. On a slow
        # machine it took so long that the server gave up a reader who answered no ping: it comes back and looks itself.
        is_gone = slow.socket.close_code is not None
        assert is_gone or "resync" in {frame["type"] for frame in heard} or len(heard) >= 65_000


def _pour(group: str, number: int) -> None:
    for place in range(number):
        live.publish(group, {"type": "post", "topic": 1, "number": place})


def _memory(pid: int) -> int:
    """What a process holds, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
