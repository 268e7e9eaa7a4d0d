"""Votes: one a person, counted right under parallel clicks, and only while an idea is undecided."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.errors import NotAllowed
from accounts.events.models import Event
from community.ideas.models import Idea, IdeaVote
from community.ideas.services import idea_merge, idea_set_status, idea_vote, idea_wrap, recount_ideas
from tests.factories.ideas import make_idea
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_idea_create_counts_the_vote_of_its_author():
    author = make_user()

    idea = make_idea(author=author)

    assert idea.vote_count == 1
    assert IdeaVote.objects.filter(idea=idea, user=author).count() == 1


def test_idea_vote_twice_counts_once_and_records_once():
    idea, person = make_idea(), make_user()

    idea_vote(viewer=viewer(person), idea=idea, on=True)
    idea_vote(viewer=viewer(person), idea=idea, on=True)

    idea.refresh_from_db()
    assert idea.vote_count == 2
    assert Event.objects.filter(name="idea.voted", actor_id=person.pk).count() == 1


def test_idea_vote_taken_back_leaves_no_trace_in_the_count():
    idea, person = make_idea(), make_user()
    idea_vote(viewer=viewer(person), idea=idea, on=True)

    idea_vote(viewer=viewer(person), idea=idea, on=False)

    idea.refresh_from_db()
    assert idea.vote_count == 1
    assert not IdeaVote.objects.filter(user=person).exists()


@pytest.mark.parametrize("status", ["shipped", "declined"])
def test_idea_vote_is_refused_when_the_idea_is_decided(status):
    idea, staff, person = make_idea(), make_user(is_manager=True), make_user()
    idea = idea_set_status(viewer=viewer(staff), idea=idea, status=status)

    with pytest.raises(NotAllowed):
        idea_vote(viewer=viewer(person), idea=idea, on=True)

    idea.refresh_from_db()
    assert idea.vote_count == 1


def test_idea_vote_is_refused_to_those_outside_a_private_space():
    staff_space = make_space(audience="staff")
    idea = make_idea(space=staff_space, author=make_user(is_agent=True))

    with pytest.raises(NotAllowed):
        idea_vote(viewer=viewer(make_user()), idea=idea, on=True)

    idea.refresh_from_db()
    assert idea.vote_count == 1


def test_recount_after_any_sequence_of_services_changes_nothing():
    draw = random.Random(7)
    people = [make_user() for _ in range(6)]
    ideas = [make_idea(author=people[n]) for n in range(4)]
    staff = viewer(make_user(is_manager=True))
    idea_wrap(topic=ideas[0].topic, votes=11)

    for step in range(60):
        idea = Idea.objects.select_related("topic").get(pk=draw.choice(ideas).pk)
        if step % 29 == 28:
            into = Idea.objects.select_related("topic").get(pk=draw.choice(ideas).pk)
            if idea.pk != into.pk and not idea.merged_into_id and not into.merged_into_id:
                idea_merge(viewer=staff, idea=idea, into=into)
        elif not idea.merged_into_id:
            idea_vote(viewer=viewer(draw.choice(people)), idea=idea, on=draw.random() < 0.7)

    before = list(Idea.objects.order_by("pk").values_list("pk", "vote_count"))
    assert recount_ideas() == 0
    assert list(Idea.objects.order_by("pk").values_list("pk", "vote_count")) == before
    assert sum(count for _pk, count in before) == IdeaVote.objects.count() + 11


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_votes_of_one_person_give_one_row():
    idea, person = make_idea(), make_user()
    who = viewer(person)

    def vote(_number: int) -> None:
        try:
            idea_vote(viewer=who, idea=idea, on=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(vote, range(50)))

    idea.refresh_from_db()
    assert IdeaVote.objects.filter(idea=idea, user=person).count() == 1
    assert idea.vote_count == 2
