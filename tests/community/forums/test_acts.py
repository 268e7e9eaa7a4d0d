"""What moderators do to topics: each act, who may, what follows it, where old addresses lead, and the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Conflict, NotAllowed
from accounts.events.models import Event
from accounts.events.worker import drain
from community.forums.models import Post, Topic, TopicAct, TopicFollow, TopicTimer
from community.forums.selectors import topic_page
from community.forums.services import (
    Options,
    act_undo,
    post_vote,
    posts_move,
    solution_accept,
    split_act,
    timers_run,
    topic_archive,
    topic_close,
    topic_set_timer,
    topic_slow,
    topic_split,
    topics_act,
)
from community.forums.source import TopicSource
from community.notifications.models import Notification
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
FIELDS = ("is_closed", "is_pinned", "is_archived", "is_unlisted", "slow_seconds", "notice", "duplicate_of", "space")


@pytest.fixture
def moderator(db):
    return make_user("jonas", is_moderator=True)


def _bodies(topic: Topic) -> list[tuple[int, str]]:
    return list(topic.posts.order_by("number").values_list("number", "body"))


def test_merge_when_done_then_all_is_in_the_other_and_undo_brings_it_back(moderator) -> None:
    source, target = make_topic(body="Mine is off."), make_topic(body="It is off.")
    answer, fan = make_reply(source, body="Reset it."), make_user()
    solution_accept(viewer=viewer(source.author), topic=source, post=answer)
    make_reply(target, body="Me too.")
    drain()

    act = topics_act(viewer=viewer(moderator), topics=[source], act="merge", options=Options(other=target))

    target.refresh_from_db()
    assert _bodies(target) == [(1, "It is off."), (2, "Me too."), (3, "Mine is off."), (4, "Reset it.")]
    assert (target.reply_count, target.is_solved) == (3, False)
    assert TopicFollow.objects.filter(topic=target, user=source.author).exists()
    for old, new in (("", ""), ("?post=2", "?post=4#post-4")):
        moved = client_of(fan).get(f"/t/{source.pk}/x/{old}")
        assert (moved.status_code, moved["Location"]) == (301, target.get_absolute_url() + new)
    assert list(TopicSource().documents([source.pk])) == []

    act_undo(viewer=viewer(moderator), act=act)

    source.refresh_from_db()
    assert _bodies(source) == [(1, "Mine is off."), (2, "Reset it.")] and source.solution_id == answer.pk
    assert (source.status, source.merged_into, Topic.objects.get(pk=target.pk).reply_count) == ("published", None, 1)
    assert Client().get(source.get_absolute_url()).status_code == 200
    with pytest.raises(Conflict):
        act_undo(viewer=viewer(moderator), act=act)


def test_old_address_when_post_went_where_the_reader_may_not_look_then_nothing_tells(moderator) -> None:
    topic = make_topic(body="In the open.")
    reply = make_reply(topic)
    hidden = make_topic(space=make_space(audience="staff"), author=make_user(is_agent=True))
    admin = make_user(is_superuser=True)

    posts_move(viewer=viewer(admin), topic=topic, numbers=[reply.number], into=hidden)

    assert Client().get(f"{topic.get_absolute_url()}?post=2").status_code == 200
    assert Client().get(f"/posts/{reply.pk}/").status_code == 404
    topics_act(viewer=viewer(admin), topics=[topic], act="merge", options=Options(other=hidden))
    assert Client().get(topic.get_absolute_url()).status_code == 404
    assert client_of(admin).get(topic.get_absolute_url()).status_code == 301


@pytest.mark.parametrize(("settings", "told"), [
    ({"kinds": ["discussion"]}, "takes no topics of the kind “Question”"),
    ({"tags_allowed": ["lamp", "hub"]}, "“wifi” is no tag of"),
    ({"tags_least": 2}, "needs 2 tags at least"),
], ids=["kind", "tags allowed", "tags asked for"])  # fmt: skip
def test_topic_when_it_does_not_fit_the_other_space_then_told_what_to_do_and_nothing_moves(moderator, settings, told):
    space = make_space()
    other = make_space(**settings)
    fits, not_fit = make_topic(space=other, tags=["lamp", "hub"], kind=(other.kinds or ["question"])[0]), make_topic(
        space=space, tags=["wifi"], title="Lost again"
    )
    make_reply(not_fit)

    with pytest.raises(ValidationError, match=told) as refused:
        topics_act(viewer=viewer(moderator), topics=[fits, not_fit], act="move", options=Options(space=other))
    with pytest.raises(ValidationError, match=told):
        topic_split(viewer=viewer(moderator), topic=not_fit, numbers=[2], title="And this?", space=other)

    assert set(refused.value.message_dict) == {"space"} and "Lost again" in str(refused.value)
    assert Topic.objects.get(pk=not_fit.pk).space_id == space.pk
    assert Topic.objects.count() == 2 and not TopicAct.objects.exists()
    page = client_of(moderator).post(f"/t/{not_fit.pk}/act/", {"act": "move", "space": other.slug})
    assert page.status_code == 400 and told in page.content.decode()


def test_split_when_done_then_new_topic_is_the_first_replys_and_numbers_are_not_given_again(moderator) -> None:
    topic = make_topic(tags=["wifi"])
    asker = make_user()
    for body, author in (("Same here.", None), ("But what about Zigbee?", asker), ("Use channel 15.", None)):
        make_reply(topic, body=body, author=author)

    made = topic_split(viewer=viewer(moderator), topic=topic, numbers=[3, 4], title="What about Zigbee?")

    assert _bodies(made) == [(1, "But what about Zigbee?"), (2, "Use channel 15.")]
    assert (made.author_id, made.reply_count, [tag.name for tag in made.tags.all()]) == (asker.pk, 1, ["wifi"])
    topic.refresh_from_db()
    assert (topic.reply_count, topic.last_shown_number, topic.space.topic_count) == (1, 2, topic.space.topic_count)
    assert Client().get(f"{topic.get_absolute_url()}?post=4")["Location"].startswith(made.get_absolute_url())
    assert make_reply(topic, body="Next.").number == 5


def test_answer_to_a_post_that_was_moved_then_says_nothing_of_it(moderator) -> None:
    topic, hidden = make_topic(), make_topic(space=make_space(audience="staff"), author=make_user(is_agent=True))
    answered = make_reply(topic, author=make_user("mara"))
    make_reply(topic, reply_to=answered, author=make_user("ole"))
    posts_move(viewer=viewer(make_user(is_superuser=True)), topic=topic, numbers=[2], into=hidden)

    assert "Mara" not in Client().get(topic.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("numbers", "title", "field"), [([], "A good title", "posts"), ([1], "A good title", "posts"),
                                    ([99], "A good title", "posts"), ([2], "x", "title"), ([3], "A title", "posts")],
)  # fmt: skip
def test_split_when_choice_is_wrong_then_named_and_nothing_moved(moderator, numbers, title, field) -> None:
    topic = make_topic()
    make_reply(topic)
    make_reply(topic, author=make_user(is_agent=True), is_whisper=True)

    with pytest.raises(ValidationError) as refused:
        split_act(viewer=viewer(moderator), topic=topic, numbers=numbers, title=title, into=None)

    assert list(refused.value.message_dict) == [field]
    assert (Topic.objects.count(), topic.posts.count(), TopicAct.objects.count()) == (1, 3, 0)


def test_notification_when_its_post_was_moved_then_visiting_the_new_topic_reads_it(moderator) -> None:
    topic, target = make_topic(), make_topic()
    make_reply(topic)
    drain()
    posts_move(viewer=viewer(moderator), topic=topic, numbers=[2], into=target)

    client_of(topic.author).get(target.get_absolute_url())

    assert not Notification.objects.filter(user=topic.author, read_at=None).exists()


@pytest.mark.parametrize(
    "act", ["close", "pin", "archive", "unlist", "slow", "notice", "duplicate", "move", "close-later"]
)
def test_acts_when_done_to_many_and_undone_then_all_is_as_before(moderator, act: str) -> None:
    topics, other, space = [make_topic() for _ in range(3)], make_topic(), make_space()
    before = list(Topic.objects.order_by("pk").values_list("pk", *FIELDS))
    options = Options(
        space=space, other=other, until=timezone.now() + timedelta(days=1), seconds=600, notice="Fixed in 4.3."
    )

    row = topics_act(viewer=viewer(moderator), topics=topics, act=act, options=options)
    changed = list(Topic.objects.order_by("pk").values_list("pk", *FIELDS))
    timers = TopicTimer.objects.count()
    assert act_undo(viewer=viewer(moderator), act=row) == 3

    assert (changed != before) or timers == 3
    assert list(Topic.objects.order_by("pk").values_list("pk", *FIELDS)) == before
    assert not TopicTimer.objects.exists()


def test_undo_when_somebody_changed_one_since_then_theirs_stays(moderator) -> None:
    one, two = make_topic(), make_topic()
    row = topics_act(viewer=viewer(moderator), topics=[one, two], act="close")
    topics_act(viewer=viewer(moderator), topics=[one], act="reopen")
    topic_close(viewer=viewer(moderator), topic=one)
    topics_act(viewer=viewer(moderator), topics=[one], act="reopen")

    assert act_undo(viewer=viewer(moderator), act=row) == 1
    assert not Topic.objects.filter(is_closed=True).exists()


def test_acts_when_one_topic_is_not_theirs_then_none_is_changed(moderator) -> None:
    mine = make_topic()
    other = make_topic(space=make_space(audience="groups"), author=make_user(is_superuser=True))

    with pytest.raises(NotAllowed):
        topics_act(viewer=viewer(moderator), topics=[mine, other], act="close")
    with pytest.raises(NotAllowed):
        topics_act(viewer=viewer(make_user()), topics=[mine], act="close")
    assert not Topic.objects.filter(is_closed=True).exists() and not Event.objects.filter(name="topics.acted").exists()


def test_archived_when_anybody_writes_votes_or_accepts_then_refused(moderator) -> None:
    topic = make_topic()
    reply = make_reply(topic)
    topic_archive(viewer=viewer(moderator), topic=topic, on=True)
    reply = Post.objects.select_related("topic").get(pk=reply.pk)

    for write in (
        lambda: make_reply(topic, author=moderator),
        lambda: post_vote(viewer=viewer(make_user()), post=reply, on=True),
        lambda: solution_accept(viewer=viewer(topic.author), topic=reply.topic, post=reply),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert "in the archive" in client_of(make_user()).get(topic.get_absolute_url()).content.decode()


def test_unlisted_when_done_then_reached_by_address_alone(moderator) -> None:
    topic, reader = make_topic(title="Secret launch party"), make_user()
    topics_act(viewer=viewer(moderator), topics=[topic], act="unlist")

    for client in (Client(), client_of(reader), client_of(topic.author)):
        assert client.get(topic.get_absolute_url()).status_code == 200
        for path in ("/topics/", topic.space.get_absolute_url(), "/", "/api/v1/topics"):
            assert "Secret launch party" not in client.get(path).content.decode(), path
    assert list(TopicSource().documents([topic.pk])) == []
    assert TopicSource().cards([topic.pk], viewer(reader)) == {}
    assert [row.pk for row in topic_page(viewer(moderator)).topics] == [topic.pk]


def test_slow_mode_when_replying_again_then_told_how_long_and_staff_are_not_slowed(moderator) -> None:
    topic, person = make_topic(), make_user()
    topic_slow(viewer=viewer(moderator), topic=topic, seconds=600)
    make_reply(topic, author=person)

    with pytest.raises(ValidationError, match="slow mode: wait 10 more minutes"):
        make_reply(topic, author=person)

    make_reply(topic, author=moderator)
    make_reply(topic, author=moderator)
    assert topic.posts.count() == 4


def test_duplicate_when_marked_then_led_to_the_original_by_those_who_may_see_it(moderator) -> None:
    hidden = make_topic(space=make_space(audience="staff"), author=make_user(is_agent=True), title="The secret one")
    topic, original = make_topic(), make_topic(title="The first one")
    admin = viewer(make_user(is_superuser=True))
    topics_act(viewer=admin, topics=[topic], act="duplicate", options=Options(other=original))

    page = Client().get(topic.get_absolute_url()).content.decode()
    assert "This was asked before:" in page and "The first one" in page
    assert topic.pk not in {row.pk for row in topic_page(viewer(None), tab="unanswered").topics}
    with pytest.raises(ValidationError):
        topics_act(viewer=admin, topics=[original], act="duplicate", options=Options(other=topic))

    topics_act(viewer=admin, topics=[topic], act="duplicate", options=Options(other=hidden))
    assert "asked before" not in Client().get(topic.get_absolute_url()).content.decode()


def test_timers_when_due_then_done_once_and_not_before(moderator) -> None:
    now = timezone.now()
    closing, pinned, bumped = (make_topic(at=now - timedelta(days=9)) for _ in range(3))
    by = viewer(moderator)
    until = now + timedelta(days=1)
    topic_set_timer(viewer=by, topic=closing, act="close", due_at=until)
    topics_act(viewer=by, topics=[pinned], act="pin", options=Options(until=until))
    topic_set_timer(viewer=by, topic=bumped, act="bump", due_at=until)

    assert timers_run(at=now + timedelta(hours=23)) == 0
    assert Topic.objects.get(pk=pinned.pk).is_pinned
    assert timers_run(at=until) == 3
    assert timers_run(at=until) == 0

    assert Topic.objects.get(pk=closing.pk).is_closed and not Topic.objects.get(pk=pinned.pk).is_pinned
    assert topic_page(viewer(None)).topics[0].pk == bumped.pk
    with pytest.raises(ValidationError):
        topic_set_timer(viewer=by, topic=closing, act="close", due_at=now - timedelta(hours=1))


def test_publish_later_when_set_then_hidden_until_then_and_new_at_that_time(moderator) -> None:
    now = timezone.now()
    topic = make_topic(title="Version 5 is here", kind="announcement", author=moderator, at=now - timedelta(days=9))
    due = now + timedelta(days=1)
    topic_set_timer(viewer=viewer(moderator), topic=topic, act="publish", due_at=due)
    assert Client().get(topic.get_absolute_url()).status_code == 404
    assert client_of(moderator).get(topic.get_absolute_url()).status_code == 200

    timers_run(at=due)

    topic.refresh_from_db()
    assert (topic.status, topic.created_at, topic.last_posted_at) == ("published", due, due)
    assert Client().get(topic.get_absolute_url()).status_code == 200


def test_manage_page_when_used_without_javascript_then_done_with_a_way_back(moderator) -> None:
    topic, client = make_topic(), client_of(moderator)
    assert client.get(reverse("forums:topic-manage", args=[topic.pk])).status_code == 200
    assert client_of(make_user()).get(reverse("forums:topic-manage", args=[topic.pk])).status_code == 403
    address = reverse("forums:topic-act", args=[topic.pk])
    wrong = client.post(address, {"act": "merge", "other": "nonsense"})
    assert wrong.status_code == 400 and "Paste the address of a topic" in wrong.content.decode()

    done = client.post(address, {"act": "close-later", "until": "2099-01-01T10:00"})
    assert done.status_code == 400 and "within two years" in done.content.decode()
    page = client.post(address, {"act": "close"}, follow=True).content.decode()
    act = TopicAct.objects.get()
    assert reverse("forums:act-undo", args=[act.pk]) in page and Topic.objects.get().is_closed
    assert client_of(make_user()).get(reverse("forums:act-undo", args=[act.pk])).status_code == 404

    client.post(reverse("forums:act-undo", args=[act.pk]))
    assert not Topic.objects.get().is_closed


def test_bulk_when_ticked_in_a_list_then_done_to_those_alone(moderator) -> None:
    space = make_space()
    topics, client = [make_topic(space=space) for _ in range(3)], client_of(moderator)
    page = client.get(f"{space.get_absolute_url()}?select=1").content.decode()
    assert page.count('type="checkbox" name="topic"') == 3
    assert 'name="topic"' not in client_of(make_user()).get(f"{space.get_absolute_url()}?select=1").content.decode()

    sent = {"topic": [str(topic.pk) for topic in topics[:2]], "act": "close", "next": space.get_absolute_url()}
    done = client.post(reverse("forums:bulk-act"), sent)

    assert (done.status_code, done["Location"]) == (302, space.get_absolute_url())
    assert Topic.objects.filter(is_closed=True).count() == 2
    evil = client.post(reverse("forums:bulk-act"), sent | {"next": "https://evil.example/"})
    assert evil["Location"] == reverse("forums:index")
    assert client.post(reverse("forums:bulk-act"), sent | {"topic": ["999999"]}).status_code == 400


def test_regroup_page_when_used_then_replies_are_moved_and_errors_keep_what_was_ticked(moderator) -> None:
    topic, client = make_topic(), client_of(moderator)
    make_reply(topic, body="Something else entirely.")
    address = reverse("forums:topic-regroup", args=[topic.pk])
    assert "Something else entirely." in client.get(address).content.decode()

    wrong = client.post(address, {"post": ["2"], "title": ""})
    assert wrong.status_code == 400 and 'value="2" checked' in wrong.content.decode()
    done = client.post(address, {"post": ["2"], "title": "Something else"}, follow=True)

    assert Topic.objects.get(title="Something else").posts.count() == 1
    assert done.status_code == 200 and "The replies were moved." in done.content.decode()
