"""Standings: right after any events in any order and number, telling nothing of private spaces."""

from __future__ import annotations

import random

import pytest
from django.utils import timezone

from accounts.events.models import Delivery
from accounts.events.worker import drain
from community.forums.services import content_set_status, post_vote, solution_accept, solution_clear
from community.ideas.services import idea_set_status
from community.reputation.models import Standing
from community.reputation.selectors import helping_most, rank_of, standing_of
from community.reputation.services import recount_standings
from tests.factories.forums import make_reply, make_topic
from tests.factories.ideas import make_idea
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_accepted_answer_earns_fifteen_and_accepting_two():
    asker, helper = make_user(), make_user()
    topic = make_topic(author=asker)
    solution_accept(viewer=viewer(asker), topic=topic, post=make_reply(topic, author=helper))

    drain()

    assert (standing_of(helper.pk).points, standing_of(helper.pk).solutions) == (15, 1)
    assert (standing_of(asker.pk).points, standing_of(asker.pk).accepted_others) == (2, 1)
    assert rank_of(helper.pk) == 1 and rank_of(asker.pk) == 2


def test_own_answer_to_own_question_earns_nothing():
    asker = make_user()
    topic = make_topic(author=asker)
    solution_accept(viewer=viewer(asker), topic=topic, post=make_reply(topic, author=asker))

    drain()

    assert standing_of(asker.pk).points == 0


def test_helpful_votes_earn_ten_each_up_to_twenty_a_day():
    helper = make_user()
    post = make_reply(make_topic(), author=helper)
    for _number in range(22):
        post_vote(viewer=viewer(make_user()), post=post, on=True)

    drain()

    assert standing_of(helper.pk).helpful_votes == 22
    assert standing_of(helper.pk).points == 200


def test_shipped_idea_earns_points_and_loses_them_when_it_is_taken_back():
    author, staff = make_user(), make_user(is_manager=True)
    idea = make_idea(author=author)
    idea = idea_set_status(viewer=viewer(staff), idea=idea, status="shipped")
    drain()
    assert standing_of(author.pk).ideas_shipped == 1 and standing_of(author.pk).points == 15

    idea_set_status(viewer=viewer(staff), idea=idea, status="planned")
    drain()

    assert standing_of(author.pk).points == 0


def test_what_happens_in_a_private_space_shows_in_no_number():
    staff = make_user(is_agent=True)
    topic = make_topic(space=make_space(audience="staff"), author=staff)
    helper = make_user(is_agent=True)
    post = make_reply(topic, author=helper)
    solution_accept(viewer=viewer(staff), topic=topic, post=post)
    post_vote(viewer=viewer(staff), post=post, on=True)

    drain()

    assert standing_of(helper.pk).points == 0
    assert helping_most(viewer(None)) == [] and helping_most(viewer(staff)) == []


def test_delivering_again_and_recounting_change_nothing_after_any_sequence():
    draw = random.Random(11)
    people = [make_user() for _ in range(4)]
    space = make_space()
    topics = [make_topic(space=space, author=draw.choice(people)) for _ in range(4)]
    posts = [make_reply(draw.choice(topics), author=draw.choice(people)) for _ in range(10)]
    for _step in range(60):
        post = draw.choice(posts)
        topic = post.topic
        topic.refresh_from_db()
        post.refresh_from_db()
        voter = draw.choice([person for person in people if person.pk != post.author_id])
        match draw.randint(0, 3):
            case 0 if post.status == "published" and topic.status == "published":
                solution_accept(viewer=viewer(topic.author), topic=topic, post=post)
            case 1:
                solution_clear(viewer=viewer(topic.author), topic=topic)
            case 2 if post.status == "published":
                post_vote(viewer=viewer(voter), post=post, on=draw.random() < 0.8)
            case 3:
                content_set_status(actor_id=None, target=post, status=draw.choice(["published", "removed"]))
    drain()
    before = list(Standing.objects.order_by("pk").values_list("pk", "points", "solutions", "helpful_votes"))

    again = Delivery.objects.filter(subscriber__startswith="reputation.")
    again.update(state="waiting", next_attempt_at=timezone.now())
    drain()

    assert not again.exclude(state="done").exists()
    assert list(Standing.objects.order_by("pk").values_list("pk", "points", "solutions", "helpful_votes")) == before
    assert recount_standings() == 0


def test_recount_takes_the_same_queries_for_many_as_for_few(django_assert_max_num_queries):
    topic = make_topic()
    with django_assert_max_num_queries(12) as few:
        recount_standings()
    for _number in range(5):
        post_vote(viewer=viewer(make_user()), post=make_reply(topic), on=True)

    with django_assert_max_num_queries(len(few) + 2):
        assert recount_standings() == 5


def test_helping_most_counts_the_last_days_and_only_what_the_viewer_sees(django_assert_num_queries):
    asker, often, once = make_user(), make_user(), make_user()
    space = make_space()
    for helper in (often, often, once):
        topic = make_topic(space=space, author=asker)
        solution_accept(viewer=viewer(asker), topic=topic, post=make_reply(topic, author=helper))
    who = viewer(None)

    with django_assert_num_queries(2):
        found = helping_most(who, days=30, limit=5)

    assert [(row.person, row.solutions) for row in found] == [(often, 2), (once, 1)]
