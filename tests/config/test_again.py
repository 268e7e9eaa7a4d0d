"""A request whose transaction PostgreSQL took back is run once more, and only where nothing can be there twice."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import Organisation
from config.handler import OneHopHandler
from tests.community.notifications.servers import database_url
from tests.config import handler_urls
from tests.config.exchange import Exchange, ask

pytestmark = [
    pytest.mark.urls("tests.config.handler_urls"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer, and no server to lose"),
]
FORM = [
    b'--part\r\nContent-Disposition: form-data; name="name"; filename="name.txt"\r\n\r\nNorthlight\r\n--part--\r\n'
]
DEADLOCK, SERIALISATION, LOCK_TIMEOUT, CANCELLED = "40P01", "40001", "55P03", "57014"


@pytest.fixture
async def handler(settings) -> AsyncIterator[OneHopHandler]:
    settings.WEB_THREADS, settings.DEBUG = 1, False
    settings.MIDDLEWARE = []
    handler_urls.calls.clear()
    handler_urls.refusals.clear()
    made = OneHopHandler()
    yield made
    handler_urls.refusals.clear()
    made.threads.submit(connections.close_all).result()
    made.threads.shutdown()


async def sent(handler: OneHopHandler, path: str = "/keeping/") -> Exchange:
    """A form with a file."""
    headers = [
        (b"content-type", b"multipart/form-data; boundary=part"), (b"content-length", str(len(FORM[0])).encode()),
    ]  # fmt: skip
    return await ask(handler, path, method="POST", body=list(FORM), headers=headers)


async def there() -> list[str]:
    return [name async for name in Organisation.objects.order_by("pk").values_list("name", flat=True)]


@pytest.mark.parametrize("state", [DEADLOCK, SERIALISATION])
async def test_request_when_taken_back_once_then_it_is_there_once_and_nobody_is_told(handler, state, caplog):
    handler_urls.refusals.append(state)

    with caplog.at_level(logging.WARNING, "threadwell.web"):
        answer = await sent(handler)

    assert (answer.status, answer.text) == (200, "kept")
    assert await there() == ["Northlight"]
    assert len(handler_urls.calls) == 2
    assert "run once more" in caplog.text


async def test_request_when_taken_back_twice_then_503_and_nothing_is_there(handler):
    handler_urls.refusals.extend([DEADLOCK] * 3)

    answer = await sent(handler)

    assert answer.status == 503
    assert (b"Retry-After", b"3") in answer.sent[0]["headers"]
    assert await there() == []
    assert len(handler_urls.calls) == 2, "once more, and no oftener"


@pytest.mark.parametrize("state", [LOCK_TIMEOUT, CANCELLED])
async def test_request_when_it_waited_too_long_then_it_does_not_wait_again(handler, state):
    handler_urls.refusals.append(state)

    answer = await sent(handler)

    assert answer.status == 503
    assert len(handler_urls.calls) == 1


async def test_request_when_it_had_kept_something_then_it_is_not_run_again(handler):
    handler_urls.refusals.append(DEADLOCK)

    answer = await sent(handler, "/keeping/?first=Earlier")

    assert answer.status == 503
    assert await there() == ["Earlier"]


def cut(connection: BaseDatabaseWrapper) -> None:
    """The server ends this connection, as it does with all when it is restarted."""
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 60000)", [connection.connection.info.backend_pid])


async def on_its_thread(handler: OneHopHandler, wrapper: Callable) -> None:
    handler.threads.submit(lambda: connection.execute_wrappers.append(wrapper)).result()


async def test_request_when_its_connection_is_lost_before_it_is_kept_then_it_goes_again_on_a_new_one(handler):
    cuts: list[str] = []

    def cut_once(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if sql.startswith("INSERT") and not cuts:
            cuts.append(sql)
            cut(context["connection"])
        return execute(sql, params, many, context)

    await on_its_thread(handler, cut_once)
    answer = await sent(handler)

    assert cuts and (answer.status, answer.text) == (200, "kept")
    assert await there() == ["Northlight"]


async def test_request_when_its_connection_is_lost_at_commit_then_it_is_told_and_not_run_again(handler, monkeypatch):
    """Here nothing was kept; had the answer been lost and not the COMMIT, it would look the same from this side."""
    commit, cuts = BaseDatabaseWrapper._commit, []

    def cut_before(self: BaseDatabaseWrapper) -> Any:
        if not cuts:
            cuts.append(True)
            cut(self)
        return commit(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "_commit", cut_before)
    answer = await sent(handler)

    assert cuts and answer.status == 503
    assert len(handler_urls.calls) == 1
    assert await there() == []


async def test_request_when_its_connection_is_lost_in_a_write_of_its_own_then_it_is_not_run_again(handler):
    """Outside a transaction a write is kept by itself: whether it was is not known when its answer is missing."""

    def cut_first(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if sql.startswith("INSERT") and not context["connection"].in_atomic_block:
            cut(context["connection"])
        return execute(sql, params, many, context)

    await on_its_thread(handler, cut_first)
    answer = await sent(handler, "/keeping/?first=Earlier")

    assert answer.status == 503
    assert len(handler_urls.calls) == 1
    assert await there() == []
