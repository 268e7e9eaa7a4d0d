"""Two server processes and one Redis: hints cross, and nothing is lost when Redis goes."""

from __future__ import annotations

import os
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import connections
from django.test import Client

from accounts.events.worker import drain
from community.notifications.live import hub as hub_module
from community.notifications.services import notify
from tests.community.notifications.servers import MOST_AHEAD, Page, session_of, until, web_process, web_thread
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


class Pipe:
    """Stands before Redis; `cut` drops every connection and refuses new ones until `mend`."""

    def __init__(self, host: str, port: int) -> None:
        self._target, self._open = (host, port), True
        self._pairs: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._open = False
        for end in list(self._pairs):
            with closing(end):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self._pairs.clear()

    def mend(self) -> None:
        self._open = True

    def close(self) -> None:
        self.cut()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._server.accept()
            except OSError:
                return
            if not self._open:
                near.close()
                continue
            far = socket.create_connection(self._target)
            self._pairs |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


@pytest.fixture
def pipe(settings, monkeypatch) -> Iterator[Pipe]:
    from urllib.parse import urlsplit

    parts = urlsplit(os.environ["REDIS_URL"])
    pipe = Pipe(parts.hostname or "127.0.0.1", parts.port or 6379)
    settings.REDIS_URL = f"redis://127.0.0.1:{pipe.port}/0"
    monkeypatch.setattr(hub_module, "_client", None)
    monkeypatch.setattr(hub_module, "_quiet_until", 0.0)
    yield pipe
    pipe.close()


def tell(user, post, number: int) -> None:
    notify(kind="mention", user_ids=[user.pk], actor_id=None, target=post, key=f"n:{number}", thread=f"n:{number}")


def test_hint_reaches_pages_on_two_processes(pipe, settings):
    asker, post = make_user(), make_reply(make_topic())
    with (
        web_process(redis_url=settings.REDIS_URL) as here, web_process(redis_url=settings.REDIS_URL) as there,
        Page(here, asker).greet() as one, Page(there, asker).greet() as two,
    ):
        one.hear_all(1)
        two.hear_all(1)
        tell(asker, post, 1)

        assert one.hear() == two.hear() == {"type": "notification", "number": 1, "unread": 1}


@pytest.mark.parametrize(("events", "cuts"), [(100, 10), pytest.param(1_000, 50, marks=pytest.mark.long)])
def test_sockets_of_two_processes_cut_while_events_pour_lose_and_double_nothing(pipe, settings, events, cuts):
    asker, post = make_user(), make_reply(make_topic())
    cookie = session_of(asker)
    heard: list[int] = []

    def talk() -> None:
        for number in range(1, events + 1):
            until(lambda number=number: number < len(heard) + MOST_AHEAD, 300)
            tell(asker, post, number)
        connections.close_all()

    # Cut after so many frames, not seconds: the cuts lie all over the events however fast the machine is.
    moments = sorted(random.Random(events).sample(range(1, events), cuts))
    with web_process(redis_url=settings.REDIS_URL) as here, web_process(redis_url=settings.REDIS_URL) as there:
        talking = threading.Thread(target=talk)
        talking.start()
        for turn, moment in enumerate([*moments, events]):
            if turn == cuts // 3:
                pipe.cut()
            if turn == cuts // 2:
                pipe.mend()
            with Page(here if turn % 2 else there, cookie=cookie).greet(since=heard[-1] if heard else 0) as page:
                while len(heard) < moment:
                    heard += _numbers(page)
                page.socket.socket.close()
                del heard[moment:]  # what came after the cut was not seen by the page
        talking.join()

    assert heard == list(range(1, events + 1))


def _numbers(page: Page) -> list[int]:
    """The next frame's number; when it stays quiet the page asks, as it does by its ping."""
    try:
        frame = page.hear(0.5)
    except TimeoutError:
        page.say(type="ping")
        return []
    return [frame["number"]] if frame["type"] == "notification" else []


def test_pages_and_posting_work_while_redis_is_away_and_pages_hear_when_it_is_back(pipe, settings):
    asker, helper = make_user(), make_user()
    topic = make_topic(author=asker)
    drain()
    with web_process(redis_url=settings.REDIS_URL) as port, Page(port, asker).greet() as page:
        page.hear_all(1)
        pipe.cut()
        client = Client()
        client.force_login(helper)

        make_reply(topic, author=helper)
        drain()
        client.force_login(asker)
        assert client.get("/notifications/state/").json() == {"last": 1, "unread": 1}

        page.say(type="ping")
        assert [page.hear()["type"], page.hear()["type"]] == ["notification", "pong"]

        tell(asker, make_reply(topic, author=helper), 1)
        pipe.mend()
        frames = [page.hear(60), page.hear(60)]
        assert [frame["type"] for frame in frames] == ["notification", "resync"]


def test_hint_reaches_this_process_while_redis_is_away(pipe):
    asker, post = make_user(), make_reply(make_topic())
    pipe.cut()
    with web_thread() as port, Page(port, asker).greet() as page:
        tell(asker, post, 1)

        assert page.hear()["number"] == 1
