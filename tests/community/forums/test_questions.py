"""Questions and who helps: taken, waiting for information, nudged, best answers of both sides, queues, read before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Conflict, NotAllowed
from accounts.events.models import Event
from accounts.events.worker import drain
from accounts.viewer import ANONYMOUS
from community.forums.models import ReadBefore, Topic
from community.forums.queues import queue_counts
from community.forums.selectors import post_page, topic_for_page, topic_page
from community.forums.services import (
    askers_nudge,
    post_vote,
    solution_accept,
    solution_clear,
    topic_close,
    topic_needs_info,
    topic_release,
    topic_take,
)
from community.notifications.models import Notification
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_take_when_somebody_else_has_it_then_conflict_until_ten_minutes_are_over() -> None:
    topic, first, second = make_topic(), make_user(), make_user()
    now = timezone.now()
    topic_take(viewer=viewer(first), topic=topic, at=now)

    with pytest.raises(Conflict):
        topic_take(viewer=viewer(second), topic=topic, at=now + timedelta(minutes=9))

    taken = topic_take(viewer=viewer(second), topic=topic, at=now + timedelta(minutes=10, seconds=1))
    assert taken.taken_by_id == second.pk


def test_take_when_asker_or_solved_or_closed_then_refused() -> None:
    topic, helper = make_topic(), make_user()
    with pytest.raises(NotAllowed):
        topic_take(viewer=viewer(topic.author), topic=topic)
    other = make_topic()
    closed = topic_close(viewer=viewer(make_user(is_moderator=True)), topic=other)
    with pytest.raises(NotAllowed):
        topic_take(viewer=viewer(helper), topic=closed)
    reply = make_reply(topic)
    solved = solution_accept(viewer=viewer(topic.author), topic=topic, post=reply)
    with pytest.raises(NotAllowed):
        topic_take(viewer=viewer(helper), topic=solved)
    assert not Event.objects.filter(name="topic.taken").exists()


def test_taken_when_taker_replies_then_let_go_and_others_may_not_let_it_go() -> None:
    topic, helper = make_topic(), make_user()
    topic_take(viewer=viewer(helper), topic=topic)
    with pytest.raises(NotAllowed):
        topic_release(viewer=viewer(make_user()), topic=topic)

    make_reply(topic, author=helper)

    assert Topic.objects.get().taken_by_id is None


def test_needs_info_when_asker_replies_then_over_and_helper_reply_leaves_it() -> None:
    topic, agent = make_topic(), make_user(is_agent=True)
    with pytest.raises(NotAllowed):
        topic_needs_info(viewer=viewer(make_user()), topic=topic, on=True)
    topic_needs_info(viewer=viewer(agent), topic=topic, on=True)

    make_reply(topic, author=agent, body="Which version is it?")
    assert Topic.objects.get().state == "waiting"

    make_reply(topic, author=topic.author, body="It is 4.2.")
    assert Topic.objects.get().state == "answered"


def test_needs_info_when_said_then_asker_is_told_and_page_says_so() -> None:
    topic, agent = make_topic(), make_user(is_agent=True)

    topic_needs_info(viewer=viewer(agent), topic=topic, on=True)
    drain()

    assert list(Notification.objects.values_list("user", "kind")) == [(topic.author_id, "needs-info")]
    page = client_of(topic.author).get(topic.get_absolute_url()).content.decode()
    assert "Helpers need more information from you" in page and "Needs info" in page


def test_reopen_when_solution_is_cleared_then_question_needs_an_answer_again_and_is_in_the_queue() -> None:
    topic = make_topic()
    reply = make_reply(topic)
    solution_accept(viewer=viewer(topic.author), topic=topic, post=reply)

    solution_clear(viewer=viewer(topic.author), topic=topic)
    make_reply(topic, author=topic.author, body="It came back.")

    assert [row.pk for row in topic_page(viewer(make_user()), tab="attention").topics] == [topic.pk]


def test_nudge_when_answered_for_days_then_asker_is_told_once() -> None:
    old = timezone.now() - timedelta(days=4)
    asker = make_user()
    topic = make_topic(author=asker, at=old)
    make_reply(topic, at=old)
    make_reply(make_topic(author=asker))  # answered just now
    make_topic(author=asker, at=old)  # not answered
    own = make_topic(author=asker, at=old)
    make_reply(own, author=asker, at=old)  # the asker spoke last

    assert askers_nudge() == 1
    assert askers_nudge() == 0
    drain()

    nudges = Notification.objects.filter(user=asker, kind="nudge")
    assert list(nudges.values_list("target_type", "target_id")) == [("topic", topic.pk)]
    page = client_of(asker).get(topic.get_absolute_url()).content.decode()
    assert "Has your question been answered?" in page
    other = client_of(make_user()).get(topic.get_absolute_url()).content.decode()
    assert "Has your question been answered?" not in other


def test_nudge_when_solved_before_it_is_told_then_nobody_is_told() -> None:
    old = timezone.now() - timedelta(days=4)
    topic = make_topic(at=old)
    reply = make_reply(topic, at=old)
    askers_nudge()
    solution_accept(viewer=viewer(topic.author), topic=topic, post=reply)

    drain()

    assert not Notification.objects.filter(kind="nudge").exists()


def test_best_when_staff_and_community_differ_then_both_are_shown_but_not_the_solution_side() -> None:
    topic, agent, fan = make_topic(), make_user(is_agent=True), make_user()
    ours = make_reply(topic, body="Support says reset it.")
    for _ in range(22):
        make_reply(topic)
    staff = make_reply(topic, author=agent, body="Hold it for ten seconds.")
    for post in (ours, staff):
        post_vote(viewer=viewer(fan), post=post, on=True)
    reader = viewer(make_user())

    page = post_page(reader, topic_for_page(reader, topic.pk), 1)
    assert (page.best.staff, page.best.community) == (staff, ours)
    assert [post.number for post in page.posts] == list(range(1, 21))
    html = Client().get(topic.get_absolute_url()).content.decode()
    assert "Most helpful from staff" in html and "Most helpful from the community" in html

    solution_accept(viewer=viewer(topic.author), topic=topic, post=ours)
    page = post_page(reader, topic_for_page(reader, topic.pk), 1)
    assert (page.best.staff, page.best.community) == (staff, None)


def test_best_when_helpful_post_is_a_whisper_or_removed_then_never_shown() -> None:
    topic, agent = make_topic(), make_user(is_agent=True)
    whisper = make_reply(topic, author=agent, is_whisper=True)
    type(whisper).objects.filter(pk=whisper.pk).update(vote_count=5)

    for reader in (viewer(None), viewer(agent)):
        assert not post_page(reader, topic_for_page(reader, topic.pk), 1).best


def test_queues_when_questions_are_in_every_state_then_each_is_where_it_belongs() -> None:
    agent = make_user(is_agent=True)
    recent, responded, info, done = (make_topic() for _ in range(4))
    for topic in (responded, info, done):
        make_reply(topic, author=agent)
    topic_needs_info(viewer=viewer(agent), topic=info, on=True)
    solution_accept(viewer=viewer(done.author), topic=done, post=done.posts.get(number=2))
    hidden = make_topic(space=make_space(audience="staff"), author=agent)
    reader = viewer(make_user())

    found = {
        tab: {row.pk for row in topic_page(reader, tab=tab).topics}
        for tab in ("attention", "recent", "needs-info", "responded", "done")
    }

    assert found == {
        "attention": {recent.pk}, "recent": {recent.pk}, "needs-info": {info.pk}, "responded": {responded.pk},
        "done": {done.pk},
    }  # fmt: skip
    assert queue_counts(reader) == {"attention": 1, "recent": 1, "needs-info": 1}
    assert hidden.pk in {row.pk for row in topic_page(viewer(agent), tab="recent").topics}
    for change in ({"is_unlisted": True}, {"status": "pending"}, {"kind": "idea"}, {"duplicate_of": info}):
        Topic.objects.filter(pk=make_topic().pk).update(**change)
    for who in (ANONYMOUS, reader, viewer(agent), viewer(make_user(is_superuser=True))):
        counts = queue_counts(who)
        assert counts == {tab: len(topic_page(who, tab=tab).topics) for tab in counts}
    assert queue_counts(viewer(agent))["recent"] == 3  # with the hidden one and the one that is a duplicate


def test_queue_page_when_it_grows_then_costs_the_same_and_shows_who_is_answering(
    django_assert_max_num_queries,
) -> None:
    helper, space = make_user("mara"), make_space()
    client = client_of(make_user())
    make_topic(space=space)
    address = reverse("forums:questions")
    client.get(address)
    with django_assert_max_num_queries(12) as short:
        client.get(address)
    for _ in range(5):
        topic_take(viewer=viewer(helper), topic=make_topic(space=space, tags=["wifi"]))
    client.get(address)

    with django_assert_max_num_queries(12) as long:
        page = client.get(address).content.decode()

    assert len(long) <= len(short) + 1  # tags
    assert page.count("Mara is answering") == 5


def test_help_buttons_when_pressed_without_javascript_then_done_and_others_see_it() -> None:
    topic, helper = make_topic(), make_user("mara")
    address = reverse("forums:topic-help", args=[topic.pk])

    assert client_of(helper).post(address, {"act": "take"}).status_code == 302

    assert "Mara is writing an answer" in client_of(make_user()).get(topic.get_absolute_url()).content.decode()
    assert "Mara is writing" not in Client().get(topic.get_absolute_url()).content.decode()
    assert client_of(make_user()).post(address, {"act": "take"}).status_code == 409
    assert client_of(helper).post(address, {"act": "dance"}).status_code == 400


def test_read_before_when_asker_opened_help_then_staff_see_it_and_nobody_else() -> None:
    asker, space = make_user(), make_space()
    known = make_topic(space=space, title="Hub drops off every night")
    secret = make_topic(space=make_space(audience="staff"), author=make_user(is_agent=True))
    client = client_of(asker)

    opened = client.get(reverse("forums:ask-read", args=["topic", known.pk]))
    assert opened["Location"] == known.get_absolute_url()
    for kind, pk in (("topic", secret.pk), ("topic", 999_999), ("nothing", known.pk)):
        assert client.get(reverse("forums:ask-read", args=[kind, pk])).status_code == 404
    asked = {"kind": "question", "title": "Mine drops off, too", "body": "At night.", "key": "k"}
    client.post(reverse("forums:topic-create", args=[space.slug]), asked)

    topic = Topic.objects.get(title="Mine drops off, too")
    assert list(ReadBefore.objects.values_list("topic", "kind", "object_id")) == [(topic.pk, "topic", known.pk)]
    staff_page = client_of(make_user(is_agent=True)).get(topic.get_absolute_url()).content.decode()
    assert "Read before asking" in staff_page and "Hub drops off every night" in staff_page
    assert "Read before asking" not in client.get(topic.get_absolute_url()).content.decode()

    client.post(reverse("forums:topic-create", args=[space.slug]), asked | {"key": "k2", "title": "Another one"})
    assert ReadBefore.objects.count() == 1
