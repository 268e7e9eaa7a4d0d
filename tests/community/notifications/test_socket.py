"""The socket on a real server: who is let in, what is replayed, what closes it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.events.worker import drain
from accounts.models import Audience, User
from community.notifications import live
from community.notifications.live.hub import hub
from community.notifications.models import Notification
from community.notifications.services import notify
from community.spaces.services import member_add, member_remove
from tests.community.notifications.servers import MOST_AHEAD, Page, session_of, until, web_thread
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.reviews import make_flag
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(settings) -> Iterator[int]:
    settings.REDIS_URL = ""
    with web_thread() as port:
        yield port


def tell(user: User, post, number: int) -> None:
    notify(
        kind="mention", user_ids=[user.pk], actor_id=None, target=post, key=f"test:{number}", thread=f"test:{number}"
    )


def test_reply_reaches_an_open_page_as_a_number(port):
    asker = make_user()
    topic = make_topic(author=asker)
    with Page(port, asker).greet() as page:
        make_reply(topic, body="The secret word is pelican.")
        drain()

        frame = page.hear()

    assert frame == {"type": "notification", "number": 1, "unread": 1}


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example", "http://evil127.0.0.1:80", None]
)
def test_foreign_or_missing_origin_is_refused_before_the_socket_opens(port, origin):
    with pytest.raises(InvalidStatus) as refusal:
        Page(port, make_user(), origin=origin)

    assert refusal.value.response.status_code == 403


def test_other_addresses_are_refused(port):
    from websockets.sync.client import connect

    with pytest.raises(InvalidStatus):
        connect(f"ws://127.0.0.1:{port}/ws/other/", origin=f"http://127.0.0.1:{port}")


def test_stranger_watches_a_public_topic_and_hears_of_its_posts(port):
    topic = make_topic()
    drain()
    with Page(port) as page:
        assert page.hear() == {"type": "hello", "user": 0, "last": 0, "unread": 0}
        assert page.watch(f"topic.{topic.pk}") == "watching"
        make_reply(topic)
        drain()

        frame = page.hear()

    assert (frame["type"], frame["topic"], frame["number"]) == ("post", topic.pk, 2)


def test_page_that_was_made_before_a_reply_is_told_of_it_when_it_begins_to_watch(port):
    topic = make_topic()
    make_reply(topic)
    make_reply(topic, author=make_user(is_agent=True), is_whisper=True)
    drain()
    group = f"topic.{topic.pk}"
    with Page(port).greet() as late, Page(port).greet() as timely:
        for page, have in ((late, 1), (timely, 2)):
            page.say(type="watch", group=group, have=have)
            assert page.hear() == {"type": "watching", "group": group}
            page.say(type="ping")

        assert late.hear() == {"type": "newer", "group": group, "number": 2}
        assert timely.hear()["type"] == "pong", "a whisper is nothing new to all who may watch"


def test_outsider_is_refused_every_private_group_and_hears_nothing(port):
    admin, outsider = make_user(is_superuser=True), make_user()
    topic = make_topic(space=make_space(audience=Audience.GROUPS), author=admin)
    groups = [f"topic.{topic.pk}", f"user.{admin.pk}", "access", "topic.0", "topic.x", "topic.1 or 1", "", "role.agent"]
    for who in (outsider, None):
        with Page(port, who).greet() as page:
            for group in groups:
                assert page.watch(group) == "refused"
            make_reply(topic, author=admin)
            drain()
            live.publish(f"user.{admin.pk}", {"type": "notification", "number": 1, "unread": 1})

            assert page.hear_all(1.0) == []


def test_whisper_reaches_no_open_page_of_the_topic(port):
    agent, topic = make_user(is_agent=True), make_topic()
    drain()
    with Page(port).greet() as page:
        assert page.watch(f"topic.{topic.pk}") == "watching"
        make_reply(topic, author=agent, is_whisper=True)
        drain()

        assert page.hear_all(1) == []


def test_queue_of_a_space_is_watched_by_its_reviewers_alone(port):
    moderator, topic = make_user(is_moderator=True), make_topic()
    post, group = make_reply(topic), f"review.{topic.space_id}"
    with Page(port, moderator).greet() as page, Page(port, make_user(is_agent=True)).greet() as other:
        assert (page.watch(group), other.watch(group)) == ("watching", "refused")
        item = make_flag(post).item

        assert page.hear() == {"type": "review", "item": item.pk}
        assert other.hear_all(0.5) == []


def test_member_who_is_removed_hears_no_more_of_the_topic(port):
    admin, member = make_user(is_superuser=True), make_user()
    space = make_space(audience=Audience.GROUPS)
    member_add(viewer=viewer(admin), space=space, user=member)
    topic = make_topic(space=space, author=admin)
    drain()
    with Page(port, member).greet() as page:
        assert page.watch(f"topic.{topic.pk}") == "watching"
        make_reply(topic, author=admin)
        drain()
        assert page.hear()["number"] == 2

        member_remove(viewer=viewer(admin), space=space, user=member)
        make_reply(topic, author=admin)
        drain()

        assert page.hear() == {"type": "refused", "group": f"topic.{topic.pk}"}
        assert page.hear_all(1) == []


def test_member_whose_group_is_taken_away_by_hand_hears_no_more_after_two_seconds(port):
    from tests.factories.people import make_group

    admin, group = make_user(is_superuser=True), make_group()
    member = make_user(groups=(group,))
    topic = make_topic(space=make_space(audience=Audience.GROUPS, groups=[group.pk]), author=admin)
    drain()
    with Page(port, member).greet() as page:
        assert page.watch(f"topic.{topic.pk}") == "watching"
        member.groups.clear()
        time.sleep(2)
        make_reply(topic, author=admin)
        drain()

        assert page.hear()["type"] == "refused"
        assert page.hear_all(1) == []


def test_page_that_comes_back_hears_exactly_what_it_missed(port):
    asker, post = make_user(), make_reply(make_topic())
    with Page(port, asker).greet() as page:
        tell(asker, post, 1)
        assert page.hear()["number"] == 1
    for number in (2, 3, 4):
        tell(asker, post, number)

    with Page(port, asker).greet(since=1) as page:
        tell(asker, post, 5)

        assert [page.hear()["number"] for _ in range(4)] == [2, 3, 4, 5]
        assert page.hear_all(0.5) == []


def test_page_that_missed_too_much_gets_one_resync(port):
    asker, post = make_user(), make_reply(make_topic())
    for number in range(1, 206):
        tell(asker, post, number)

    with Page(port, asker).greet(since=0) as page, Page(port, asker).greet() as fresh:
        assert page.hear() == {"type": "resync", "last": 205, "unread": 100}
        fresh.say(type="ping")
        assert fresh.hear()["type"] == "pong"  # so it has begun to listen
        tell(asker, post, 206)

        assert page.hear() == fresh.hear(), "from here on it is as a page that was opened now"
    assert {name: fresh.hello[name] for name in ("last", "unread")} == {"last": 205, "unread": 100}


def test_socket_cut_at_random_moments_loses_nothing_and_doubles_nothing(port):
    events, cuts = 300, 20
    asker, post = make_user(), make_reply(make_topic())
    cookie, heard = session_of(asker), []

    def talk() -> None:
        for number in range(1, events + 1):
            until(lambda number=number: number < len(heard) + MOST_AHEAD, 120)
            tell(asker, post, number)
        connections.close_all()

    talking = threading.Thread(target=talk)
    talking.start()
    moments = random.Random(7)
    for cut in range(cuts + 1):
        with Page(port, cookie=cookie).greet(since=heard[-1] if heard else 0) as page:
            end = time.monotonic() + moments.uniform(0.05, 0.4)
            while time.monotonic() < end if cut < cuts else not (heard and heard[-1] == events):
                try:
                    heard.append(page.hear(0.2 if cut < cuts else 20)["number"])
                except TimeoutError:
                    continue
            page.socket.socket.close()
    talking.join()

    assert heard == list(range(1, events + 1))


def test_two_pages_of_one_person_both_hear_and_both_see_it_read(port):
    from community.notifications.services import all_read

    asker, post = make_user(), make_reply(make_topic())
    with Page(port, asker).greet() as one, Page(port, asker).greet() as two:
        tell(asker, post, 1)
        assert (one.hear()["number"], two.hear()["number"]) == (1, 1)

        all_read(viewer=viewer(asker))

        assert one.hear() == two.hear() == {"type": "unread", "unread": 0}


@pytest.mark.parametrize(
    "frame",
    ["{", "[]", "null", '{"type": 5}', '{"type": "watch"}', '{"type": "resume", "since": -1}', "9" * 3000,
     '{"type": "resume", "since": "1"}', "[" * 2000, '{"type": "resume", "since": 99999999999999999999}'],
)
def test_bad_frame_closes_that_socket_only(port, frame):
    person = make_user()
    with Page(port, person).greet() as bad, Page(port, person).greet() as good:
        bad.socket.send(frame)

        assert bad.closed_with() == 4400
        good.say(type="ping")
        assert good.hear()["type"] == "pong"


def test_bytes_and_bad_utf8_close_that_socket_only(port):
    with Page(port).greet() as binary, Page(port).greet() as broken, Page(port).greet() as good:
        binary.socket.send(b"\x00\xff")
        assert binary.closed_with() == 4400
        with broken.socket.protocol_mutex:
            broken.socket.protocol.send_text(b"\xff\xfe")
            broken.socket.send_data()
        assert broken.closed_with() in {1007, 1002, 4400}
        good.say(type="ping")
        assert good.hear()["type"] == "pong"


def test_flood_of_frames_closes_that_socket(port):
    with Page(port, make_user()).greet() as page:
        # The server may close while the flood is still being written: that is what is asked of it.
        with suppress(ConnectionClosed):
            for _ in range(200):
                page.say(type="unwatch", group="topic.1")

        assert page.closed_with() == 4429


def test_person_holds_forty_sockets_and_no_more(port):
    until(lambda: not hub.count())  # those of the test before may still be leaving
    person = make_user()
    cookie = session_of(person)
    pages = [Page(port, cookie=cookie) for _ in range(40)]
    for page in pages:
        page.hear()

    with pytest.raises(InvalidStatus):
        Page(port, cookie=cookie)

    pages.pop().__exit__()
    until(lambda: hub.count() < 40)
    with Page(port, cookie=cookie) as again:
        assert again.hear()["type"] == "hello"
    for page in pages:
        page.__exit__()


@pytest.mark.parametrize("ending", ["signed out", "password changed", "deactivated"])
def test_socket_closes_within_seconds_when_its_sign_in_ends(port, ending):
    person = make_user()
    with Page(port, person).greet() as page:
        match ending:
            case "signed out":
                Session.objects.all().delete()
            case "password changed":
                person.set_password("another horse")
                person.save()
            case "deactivated":
                User.objects.filter(pk=person.pk).update(is_active=False)

        assert page.closed_with() == 4401


def test_hub_forgets_sockets_that_are_gone(port):
    until(lambda: not hub.count())  # those of the test before may still be leaving
    pages = [Page(port).greet() for _ in range(5)]
    pages[-1].say(type="ping")
    pages[-1].hear()
    assert hub.count() == 5

    for page in pages:
        page.socket.socket.close()

    until(lambda: not hub.count())


def test_slow_reader_gets_a_resync_and_no_growing_buffer(port):
    import asyncio

    from community.notifications.live.limits import Outbox

    async def scene() -> list[dict]:
        gate, sent = asyncio.Event(), []

        async def write(payload: dict) -> None:
            await gate.wait()
            sent.append(payload)

        outbox = Outbox(write)
        for number in range(1_000):
            outbox.put({"type": "post", "number": number})
            if number == 0:
                await asyncio.sleep(0)
            assert len(outbox._waiting) <= 100
        gate.set()
        async with asyncio.timeout(20):
            while not sent or sent[-1].get("number") != 999:
                await asyncio.sleep(0)
        return sent

    sent = asyncio.run(scene())

    assert {"type": "resync"} in sent
    assert len(sent) <= 101
    assert sent[-1] == {"type": "post", "number": 999}


def test_numbers_stay_dense_when_twenty_threads_tell_one_person():
    asker, post = make_user(), make_reply(make_topic())
    barrier, problems = threading.Barrier(20), []

    def run(index: int) -> None:
        barrier.wait()
        try:
            tell(asker, post, index % 10)
        except Exception as error:
            problems.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    numbers = Notification.objects.filter(user=asker).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 11))
