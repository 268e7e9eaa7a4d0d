"""Statements that are built once: each viewer gets their own rows from them, and nobody another's."""

from __future__ import annotations

import pytest

from accounts.models import Audience, User
from accounts.prepared import asked, counted
from accounts.viewer import ANONYMOUS, Viewer, viewer_for
from community.forums.models import Topic
from community.forums.selectors import post_page, topic_for_page
from community.forums.services import content_set_status, post_vote
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def seen(who: Viewer) -> set[int]:
    return {topic.pk for topic in asked("tests.seen", lambda viewer: Topic.objects.visible_to(viewer), who)}


def test_rows_when_asked_by_many_kinds_of_viewers_then_are_those_of_the_row_filter():
    author, other, reviewer = make_user(), make_user(), make_user(is_moderator=True)
    open_topic, pending = make_topic(), make_topic(author=author)
    content_set_status(actor_id=reviewer.pk, target=pending, status="pending")
    make_topic(space=make_space(audience=Audience.STAFF), author=reviewer)
    people = [ANONYMOUS, viewer_for(None), *(viewer(user) for user in (author, other, reviewer))]

    for _turn in range(2):
        for who in people:
            assert seen(who) == set(Topic.objects.visible_to(who).values_list("pk", flat=True))
    assert pending.pk in seen(viewer(author)) and pending.pk not in seen(viewer(other))
    assert seen(ANONYMOUS) == set() and open_topic.pk in seen(viewer_for(None))


def test_own_bits_when_two_of_one_kind_look_then_each_sees_their_own():
    topic = make_topic()
    reply = make_reply(topic)
    first, second = viewer(make_user()), viewer(make_user())
    post_vote(viewer=first, post=reply, on=True)

    for who, voted in ((first, True), (second, False), (first, True)):
        page = post_page(who, topic_for_page(who, topic.pk), 1)
        assert [post.is_voted for post in page.posts] == [False, voted]


def test_space_when_it_closes_then_the_next_viewer_is_of_another_kind():
    topic, user = make_topic(), make_user()
    assert topic_for_page(viewer(user), topic.pk) is not None

    topic.space.audience = Audience.STAFF
    topic.space.save(update_fields=["audience"])

    assert topic_for_page(viewer_for(user), topic.pk) is None


def test_count_when_nothing_can_be_found_then_is_zero():
    assert counted("tests.none", lambda viewer: User.objects.none(), ANONYMOUS) == 0
    assert counted("tests.some", lambda viewer, word: User.objects.filter(username=word), ANONYMOUS, word="x") == 0


def test_count_when_asked_with_other_words_then_is_of_those():
    make_user(username="mara")
    named = {
        name: counted("tests.named", lambda viewer, word: User.objects.filter(username=word), ANONYMOUS, word=name)
        for name in ("mara", "nobody", "100%")
    }
    assert named == {"mara": 1, "nobody": 0, "100%": 0}


def test_number_when_it_is_a_limit_then_refused():
    with pytest.raises(ValueError, match="more than a parameter"):
        asked("tests.limit", lambda viewer, most: User.objects.all()[:most], ANONYMOUS, most=3)
