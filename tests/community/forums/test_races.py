"""Many people at one topic at the same moment: numbers stay dense, counters stay right, nobody is turned away."""

from __future__ import annotations

import pytest

from community.forums.models import Post, PostVote, Topic
from community.forums.services import post_vote, reply_create
from tests.community.moderation.test_races import at_once
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 10


def test_replies_when_many_people_answer_at_once_then_are_numbered_without_a_gap():
    topic, people = make_topic(), [viewer(make_user()) for _ in range(PEOPLE)]

    results = at_once(
        [
            lambda who=who: reply_create(viewer=who, topic=Topic.objects.get(pk=topic.pk), body="Try a fixed channel.")
            for who in people
        ]
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    topic.refresh_from_db()
    numbers = Post.objects.filter(topic=topic).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, PEOPLE + 2))
    assert (topic.reply_count, topic.last_post_number, topic.last_shown_number) == (PEOPLE, PEOPLE + 1, PEOPLE + 1)


def test_votes_when_many_people_find_one_post_helpful_at_once_then_are_all_counted():
    post, people = make_reply(make_topic()), [viewer(make_user()) for _ in range(PEOPLE)]

    results = at_once([lambda who=who: post_vote(viewer=who, post=post, on=True) for who in people])

    assert [result for result in results if isinstance(result, Exception)] == []
    assert Post.objects.get(pk=post.pk).vote_count == PostVote.objects.filter(post=post).count() == PEOPLE


def test_votes_when_one_person_clicks_ten_times_at_once_then_count_once():
    post, who = make_reply(make_topic()), viewer(make_user())

    results = at_once([lambda: post_vote(viewer=who, post=post, on=True)] * 10)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert Post.objects.get(pk=post.pk).vote_count == PostVote.objects.filter(post=post).count() == 1
