"""What the constraints and locks hold when many come at once, on either database."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from accounts.errors import Conflict
from accounts.events.models import Event
from community.moderation.models import Flag, ReviewDecision, ReviewItem
from community.moderation.services import flag_create, review_decide
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.reviews import make_review

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Run all jobs at the same moment; gives results and exceptions in no order."""
    barrier, results = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results.append(job())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_twenty_people_flag_one_post_at_once_and_there_is_one_item():
    post = make_reply(make_topic())
    people = [viewer(make_user()) for _ in range(20)]

    results = at_once([
        lambda who=who: flag_create(viewer=who, target=("post", post.pk), reason="spam") for who in people
    ])

    assert [result for result in results if isinstance(result, Exception)] == []
    item = ReviewItem.objects.get()
    assert (item.flag_count, item.score, item.flags.count()) == (20, 20.0, 20)


def test_one_person_flags_twenty_times_at_once_and_there_is_one_flag():
    post, who = make_reply(make_topic()), viewer(make_user())

    results = at_once([lambda: flag_create(viewer=who, target=("post", post.pk), reason="spam")] * 20)

    assert sum(isinstance(result, Flag) for result in results) == 1
    assert sum(isinstance(result, ValidationError) for result in results) == 19
    assert ReviewItem.objects.get().flag_count == Flag.objects.count() == 1


def test_ten_moderators_decide_at_once_and_one_decision_stands():
    item = make_review()
    moderators = [viewer(make_user(is_moderator=True)) for _ in range(10)]
    actions = ["keep", "remove"] * 5

    results = at_once([
        lambda who=who, action=action: review_decide(viewer=who, item=item, action=action, version=item.version)
        for who, action in zip(moderators, actions, strict=True)
    ])

    assert sum(isinstance(result, ReviewDecision) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 9
    decision = ReviewDecision.objects.get()
    item.refresh_from_db()
    assert item.decided_by_id == decision.by_id
    assert Event.objects.filter(name="review.decided").count() == 1
