"""Open pages hear of a reply as soon as it is committed; the worker has no part in it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from channels.db import database_sync_to_async

from community.forums.models import Poll, Topic
from community.forums.services import poll_create, poll_vote, reply_create, topic_unlist
from community.forums.services.polls import PollInput
from community.notifications.live.hub import hub
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db(transaction=True)


class Page:
    """An open page's end of the hub."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def hint(self, group: str, payload: dict[str, Any]) -> None:
        self.heard.put_nowait(payload)

    async def next(self, kind: str) -> dict[str, Any]:
        while (payload := await asyncio.wait_for(self.heard.get(), 10))["type"] != kind:
            pass
        return payload


async def test_page_when_a_reply_is_committed_then_it_hears_the_number_and_nothing_of_a_whisper(settings):
    topic = await database_sync_to_async(make_topic)()
    staff = await database_sync_to_async(lambda: viewer(make_user(is_agent=True)))()
    page = Page()
    hub.join(page, f"topic.{topic.pk}")
    try:
        if settings.REDIS_URL:
            await page.next("resync")  # the hub listens to Redis from now on
        await database_sync_to_async(reply_create)(viewer=staff, topic=topic, body="For staff", is_whisper=True)
        await database_sync_to_async(reply_create)(viewer=staff, topic=topic, body="For all")
        hint = await page.next("post")
    finally:
        hub.forget(page)

    assert hint == {"type": "post", "topic": topic.pk, "number": 3}


async def test_list_when_topics_grow_then_it_hears_of_what_lists_show_and_of_nothing_else(settings):
    listed, unlisted = await database_sync_to_async(lambda: (make_topic(), make_topic()))()
    space = unlisted.space_id
    await database_sync_to_async(lambda: Topic.objects.filter(pk=listed.pk).update(space=space))()
    staff = await database_sync_to_async(lambda: viewer(make_user(is_moderator=True)))()
    await database_sync_to_async(topic_unlist)(viewer=staff, topic=unlisted, on=True)
    page = Page()
    hub.join(page, f"space.{space}")
    try:
        if settings.REDIS_URL:
            await page.next("resync")
        await database_sync_to_async(reply_create)(viewer=staff, topic=unlisted, body="Not in lists")
        await database_sync_to_async(lambda: listed.refresh_from_db())()
        await database_sync_to_async(reply_create)(viewer=staff, topic=listed, body="For staff", is_whisper=True)
        await database_sync_to_async(reply_create)(viewer=staff, topic=listed, body="For all")
        hints = [await page.next("listed")]
        hints += [page.heard.get_nowait() for _ in range(page.heard.qsize())]
    finally:
        hub.forget(page)

    assert hints == [{"type": "listed", "topic": listed.pk}]


async def test_page_when_somebody_votes_in_a_poll_then_it_hears_in_which_post(settings):
    poll = await database_sync_to_async(_poll)()
    page = Page()
    hub.join(page, f"topic.{poll.post.topic_id}")
    try:
        if settings.REDIS_URL:
            await page.next("resync")
        await database_sync_to_async(_vote)(poll)
        hint = await page.next("polled")
    finally:
        hub.forget(page)

    assert hint == {"type": "polled", "topic": poll.post.topic_id, "number": 1, "post": poll.post_id}


def _poll() -> Poll:
    topic = make_topic()
    asked = PollInput("What for lunch?", ["Soup", "Bread"])
    return poll_create(viewer=viewer(topic.author), post=topic.posts.get(number=1), asked=asked)


def _vote(poll: Poll) -> None:
    poll_vote(viewer=viewer(make_user()), poll=poll, options=[poll.options.all()[0].pk])
