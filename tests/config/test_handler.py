"""The handler keeps Django's promises (bodies, errors, streams, disconnects), and a thread keeps its connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.core import signals
from django.db import connection, connections

from config.cache import _shared
from config.handler import OneHopHandler
from config.turns import Turns
from tests.config import handler_urls
from tests.config.exchange import Exchange, ask

pytestmark = pytest.mark.urls("tests.config.handler_urls")


@pytest.fixture
async def handler(settings) -> AsyncIterator[OneHopHandler]:
    """A handler of one thread, so that what is left behind would be found by the next request."""
    settings.WEB_THREADS = 1
    settings.MIDDLEWARE = ["config.middleware.LimitsMiddleware"]
    handler_urls.calls.clear()
    handler_urls.gate.clear()
    handler_urls.inside.clear()
    made = OneHopHandler()
    yield made
    handler_urls.gate.set()
    made.threads.submit(connections.close_all).result()
    made.threads.shutdown()


async def test_request_when_asked_then_answered_on_a_thread_of_the_pool(handler):
    answer = await ask(handler, "/echo/", method="POST", body=[b"a" * 1_000, b"b" * 500])

    assert (answer.status, answer.text) == (200, "POST 1500 web")


async def test_body_when_over_the_limit_then_413_and_no_view(handler, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = await ask(handler, "/echo/", method="POST", body=[b"a" * 101], headers=[(b"content-length", b"101")])

    assert answer.status == 413
    assert handler_urls.calls == []


async def test_view_when_it_fails_then_500_and_the_next_is_answered(handler):
    failed = await ask(handler, "/boom/")
    after = await ask(handler, "/echo/")

    assert (failed.status, after.status) == (500, 200)
    assert "on purpose" not in failed.text


async def test_client_when_gone_before_its_turn_then_nothing_is_begun(handler):
    first, second = Exchange("/wait/"), Exchange("/echo/")
    running = asyncio.create_task(handler(first.scope, first.receive, first.send))
    await asyncio.to_thread(handler_urls.inside.wait, 60)
    waiting = asyncio.create_task(handler(second.scope, second.receive, second.send))
    await asyncio.sleep(0)

    second.leave()
    await asyncio.wait_for(waiting, 60)
    handler_urls.gate.set()
    await asyncio.wait_for(running, 60)

    assert second.sent == []
    assert handler_urls.calls == ["waited"]
    assert first.text == "waited"


async def test_client_when_gone_in_the_middle_then_the_view_still_ends_and_the_signals_pair(handler):
    heard: list[str] = []
    started, finished = (lambda **_: heard.append("started")), (lambda **_: heard.append("finished"))
    signals.request_started.connect(started)
    signals.request_finished.connect(finished)
    try:
        exchange = Exchange("/wait/")
        running = asyncio.create_task(handler(exchange.scope, exchange.receive, exchange.send))
        await asyncio.to_thread(handler_urls.inside.wait, 60)
        exchange.leave()
        handler_urls.gate.set()
        await asyncio.wait_for(running, 60)
    finally:
        signals.request_started.disconnect(started)
        signals.request_finished.disconnect(finished)

    assert handler_urls.calls == ["waited"]
    assert heard == ["started", "finished"]


async def test_stream_when_sent_then_its_parts_are_made_on_the_pool_and_arrive_in_order(handler):
    answer = await ask(handler, "/stream/")

    assert answer.text == "0,1,2,"
    assert handler_urls.calls == [f"part {number} on web" for number in range(3)]


async def test_file_when_sent_then_whole(handler):
    answer = await ask(handler, "/file/")

    with open(handler_urls.__file__) as source:
        assert answer.text == source.read()


async def test_language_when_a_request_changes_it_then_the_next_does_not_inherit_it(handler):
    assert (await ask(handler, "/language/")).text == (await ask(handler, "/language/")).text


@pytest.mark.skipif(not settings.REDIS_URL, reason="Without Redis the cache is in this process.")
async def test_cache_when_requests_follow_each_other_then_its_connection_to_redis_is_kept(handler):
    seen = {(await ask(handler, "/cached/")).text for _ in range(3)}

    assert len(seen) == 1 and seen.pop().isdigit()


async def test_cache_when_redis_is_away_then_one_request_finds_out_for_all(handler, settings, caplog):
    _shared.cache_clear()
    nowhere = {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nowhere}

    seen = [(await ask(handler, "/cached/")).text for _ in range(3)]

    assert seen == ["away"] * 3
    assert [record.name for record in caplog.records].count("threadwell.cache") == 1


async def test_request_when_those_inside_only_wait_then_it_begins_all_the_same(handler):
    """Two places are taken by views that stand still; a third thread is there for who comes next."""
    handler.turns = Turns(3)
    handler.threads = ThreadPoolExecutor(3, thread_name_prefix="web")
    still = [Exchange("/wait/"), Exchange("/wait/")]
    running = [asyncio.create_task(handler(each.scope, each.receive, each.send)) for each in still]
    await asyncio.to_thread(handler_urls.inside.wait, 60)

    answer = await ask(handler, "/echo/")

    assert answer.status == 200
    assert handler_urls.calls == ["echo"]
    handler_urls.gate.set()
    await asyncio.wait_for(asyncio.gather(*running), 60)


async def test_turns_when_all_are_taken_then_the_next_begins_when_one_leaves():
    turns, gone = Turns(10), asyncio.get_running_loop().create_future()
    turns.most = turns.few  # nobody is let in for standing still
    assert [await turns.enter(gone) for _ in range(turns.few)] == [True, True]
    third = asyncio.create_task(turns.enter(gone))
    await asyncio.sleep(0)
    assert not third.done()

    turns.leave()

    assert await asyncio.wait_for(third, 60)
    assert turns.inside == turns.few


async def test_turns_when_somebody_gives_up_then_the_place_is_not_lost():
    turns, loop = Turns(1), asyncio.get_running_loop()
    gone = loop.create_future()
    await turns.enter(loop.create_future())
    leaving = asyncio.create_task(turns.enter(gone))
    cancelled = asyncio.create_task(turns.enter(loop.create_future()))
    await asyncio.sleep(0)

    gone.set_result(None)
    cancelled.cancel()
    assert await asyncio.wait_for(leaving, 60) is False
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    turns.leave()

    assert await asyncio.wait_for(turns.enter(loop.create_future()), 60)


async def test_answer_when_others_wait_then_its_connection_closes_and_the_last_stays_open(handler):
    exchanges = [Exchange("/wait/"), Exchange("/echo/"), Exchange("/echo/")]
    running = []
    for each in exchanges:
        running.append(asyncio.create_task(handler(each.scope, each.receive, each.send)))
        await asyncio.sleep(0)
    await asyncio.to_thread(handler_urls.inside.wait, 60)

    handler_urls.gate.set()
    await asyncio.wait_for(asyncio.gather(*running), 60)

    closed = [(b"Connection", b"close") in each.sent[0]["headers"] for each in exchanges]
    assert closed == [True, False, False]


@pytest.mark.django_db(transaction=True)
async def test_connection_when_requests_follow_each_other_then_it_is_kept(handler, monkeypatch):
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 600)

    seen = {(await ask(handler, "/backend/")).text for _ in range(3)}

    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could cut a connection")
async def test_connection_when_the_server_cut_it_then_the_next_request_has_a_new_one(handler, monkeypatch):
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 600)
    before = (await ask(handler, "/backend/")).text
    url = settings.DATABASES["default"]
    with psycopg.connect(
        host=url["HOST"], port=url["PORT"], user=url["USER"], dbname=url["NAME"], autocommit=True
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [int(before)])

    after = await ask(handler, "/backend/")

    assert after.status == 200
    assert after.text != before
