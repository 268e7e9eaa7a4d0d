"""The database itself refuses a statement in the middle of a write, or two writers wait for each other (E13).

Whoever sent it is asked to come again with 503 and Retry-After; nothing of it stays, and sent again it is there once.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from accounts.events.models import Delivery, Event
from community.forums.models import Post, Topic, TopicFollow, TopicRead
from community.spaces.models import Space
from config.handler import OneHopHandler
from search.models import DirtyMark
from tests.community.notifications.servers import database_url
from tests.config.exchange import Exchange, ask
from tests.factories.forums import make_topic
from tests.factories.people import make_user
from tests.faults.town import until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time and no such faults"),
]
WRITES = re.compile(r"INSERT|UPDATE|DELETE|SELECT .* FOR (NO KEY )?UPDATE", re.DOTALL)
SERIALISATION, DEADLOCK, LOCK_TIMEOUT, CANCELLED = "40001", "40P01", "55P03", "57014"


@contextmanager
def refused_at(place: int, state: str) -> Iterator[list[str]]:
    """Within: the so-many-th statement that writes is answered with this SQLSTATE. Gives the statements refused."""
    seen, refused = [0], []

    def wrapper(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if WRITES.match(sql):
            seen[0] += 1
            if seen[0] == place:
                refused.append(sql)
                sql = f"DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '{state}'; END $$"
                params, many = None, False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield refused


class Writer:
    """Somebody who replies to a topic by the form or by the API, with one key for all attempts."""

    def __init__(self) -> None:
        self.topic, self.user = make_topic(), make_user()
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.user)
        self.client.get(self.topic.get_absolute_url())

    def reply(self, way: str, key: str) -> Any:
        if way == "form":
            return self.client.post(f"/t/{self.topic.pk}/reply/", {"body": "Once only.", "key": key})
        return self.client.post(
            f"/api/v1/topics/{self.topic.pk}/posts", {"body": "Once only."}, content_type="application/json",
            headers={"Idempotency-Key": key},
        )  # fmt: skip

    async def reply_through(self, handler: OneHopHandler, way: str, key: str) -> Exchange:
        """The same by the handler that the web server calls; each time with other words, since twins are refused."""
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items())
        headers = {"cookie": cookies, "x-csrftoken": self.client.cookies["csrftoken"].value, "idempotency-key": key}
        body, path = json.dumps({"body": f"Said with {key}."}), f"/api/v1/topics/{self.topic.pk}/posts"
        headers["content-type"] = "application/json"
        if way == "form":
            body, path = urlencode({"body": f"Said with {key}.", "key": key}), f"/t/{self.topic.pk}/reply/"
            headers["content-type"] = "application/x-www-form-urlencoded"
        headers["content-length"] = str(len(body))
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        return await ask(handler, path, method="POST", body=[body.encode()], headers=pairs)

    def facts(self) -> list[object]:
        """All that a reply changes."""
        topic, space = Topic.objects.filter(pk=self.topic.pk), Space.objects.filter(pk=self.topic.space_id)
        return [
            topic.values_list("reply_count", "last_post_number", "last_posted_at", "updated_at").get(),
            space.values_list("topic_count", "last_activity_at").get(), Post.objects.count(), Event.objects.count(),
            Delivery.objects.count(), list(DirtyMark.objects.order_by("pk").values_list("pk", "stamp")),
            TopicFollow.objects.count(), list(TopicRead.objects.values_list("user_id", "last_post_number")),
        ]  # fmt: skip


def assert_asked_to_come_again(answer: Any) -> None:
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "3"), answer.content[:300]
    assert b"planted" not in answer.content


@pytest.mark.parametrize(
    ("way", "state"), [("form", SERIALISATION), ("api", DEADLOCK), ("form", LOCK_TIMEOUT), ("api", CANCELLED)]
)
def test_reply_when_any_of_its_statements_is_refused_then_503_and_nothing_of_it_stays(way: str, state: str) -> None:
    writer, place = Writer(), 0
    before, is_over = writer.facts(), False
    while not is_over:
        place += 1
        with refused_at(place, state) as refused:
            answer = writer.reply(way, "one-key")
        is_over = not refused
        if not is_over:
            assert_asked_to_come_again(answer)
            assert writer.facts() == before, refused

    assert place > 8, "a reply writes more than that"
    assert answer.status_code in {201, 302}
    assert Post.objects.filter(topic=writer.topic, number__gt=1).count() == 1


def test_reply_when_it_and_another_wait_for_each_other_then_503_the_other_goes_on_and_again_it_is_there_once() -> None:
    """The other holds the space and wants the topic; the reply holds the topic and wants the space."""
    writer = Writer()
    # a reply writes the space's row only where the activity that is told there is over a minute old
    Space.objects.filter(pk=writer.topic.space_id).update(last_activity_at=timezone.now() - timedelta(hours=1))
    before, holding, wanted, ended = writer.facts(), threading.Event(), threading.Event(), threading.Event()
    pid: list[int] = []

    def other() -> None:
        with psycopg.connect(database_url()) as rows:
            pid.append(rows.info.backend_pid)
            rows.execute("SET deadlock_timeout = '10min'")  # it never looks, so it never gives way
            rows.execute("SELECT id FROM spaces_space WHERE id = %s FOR UPDATE", [writer.topic.space_id])
            holding.set()
            wanted.wait(60)
            rows.execute("SELECT id FROM forums_topic WHERE id = %s FOR UPDATE", [writer.topic.pk])
            ended.set()

    def is_waiting() -> bool:
        with psycopg.connect(database_url()) as looking:
            row = looking.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", pid).fetchone()
        return row == ("Lock",)

    def let_the_other_want(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if sql.startswith('UPDATE "spaces_space"') and not wanted.is_set():
            wanted.set()
            until(is_waiting, 60, lambda: "the other waits for the topic")
        return execute(sql, params, many, context)

    thread = threading.Thread(target=other)
    thread.start()
    assert holding.wait(60)
    with connection.execute_wrapper(let_the_other_want):
        answer = writer.reply("form", "one-key")
    thread.join(60)

    assert_asked_to_come_again(answer)
    assert ended.is_set(), "the other got what it waited for"
    assert writer.facts() == before
    assert writer.reply("form", "one-key").status_code == 302
    assert Post.objects.filter(topic=writer.topic, number__gt=1).count() == 1


@pytest.mark.parametrize(("way", "state"), [("form", DEADLOCK), ("api", SERIALISATION)])
async def test_reply_through_the_server_when_taken_back_at_any_statement_then_it_is_there_once_and_nobody_is_told(
    way: str, state: str, settings
) -> None:
    """No write of ours is kept before the one that matters, so the whole request goes again (`config/again.py`)."""
    settings.WEB_THREADS = 1
    writer, handler, place, is_over = await asyncio.to_thread(Writer), OneHopHandler(), 0, False
    try:
        while not is_over:
            place += 1
            planted = refused_at(place, state)
            refused = await asyncio.wrap_future(handler.threads.submit(planted.__enter__))
            answer = await writer.reply_through(handler, way, f"key-{place}")
            await asyncio.wrap_future(handler.threads.submit(planted.__exit__, None, None, None))
            assert answer.status in {201, 302}, refused
            is_over = not refused
    finally:
        handler.threads.submit(connections.close_all).result()
        handler.threads.shutdown()

    assert place > 8, "a reply writes more than that"
    assert await Post.objects.filter(topic=writer.topic, number__gt=1).acount() == place
    assert (await Topic.objects.aget(pk=writer.topic.pk)).reply_count == place


def test_connection_when_asked_then_nothing_runs_for_ever_and_no_statement_is_compiled() -> None:
    told = {}
    with connection.cursor() as rows:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "jit"):
            rows.execute(f"SHOW {name}")
            told[name] = rows.fetchone()[0]

    assert told == {
        "statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "1min", "jit": "off",
    }  # fmt: skip
