from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from accounts.errors import Conflict, NotAllowed
from accounts.events.models import Event
from accounts.models import Audience
from community.moderation import selectors
from community.moderation.models import Flag, ReviewDecision, ReviewItem
from community.moderation.scoring import flag_weight
from community.moderation.services import flag_create, review_decide, review_undo, rule_flag_create
from community.spaces.models import SpaceMembership
from community.spaces.services import member_add
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.reviews import make_flag, make_review
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_user("mod", is_moderator=True)


def test_flag_on_a_reply_opens_one_item_in_its_space():
    post = make_reply(make_topic())

    flag = make_flag(post, reason="rude")

    item = flag.item
    assert (item.state, item.flag_count, item.container) == ("open", 1, f"space:{post.topic.space_id}")
    assert item.author_id == post.author_id
    data = Event.objects.get(name="flag.created").data
    assert data == {"item": item.pk, "container": item.container, "reason": "rude"}


def test_flags_of_several_people_add_up_on_one_item():
    post = make_reply(make_topic())

    first = make_flag(post, by=make_user(trust_level=0))
    make_flag(post, by=make_user(trust_level=3))

    item = ReviewItem.objects.get()
    assert item.pk == first.item_id
    assert (item.flag_count, item.score) == (2, 1.0 + 4.0)


def test_flag_twice_by_one_person_is_refused():
    person, post = make_user(), make_reply(make_topic())
    make_flag(post, by=person)

    with pytest.raises(ValidationError) as refusal:
        make_flag(post, by=person, reason="rude")

    assert "target" in refusal.value.message_dict
    assert Flag.objects.count() == 1


def test_flag_of_ones_own_post_is_refused():
    author = make_user()
    post = make_reply(make_topic(), author=author)

    with pytest.raises(NotAllowed):
        make_flag(post, by=author)

    assert not ReviewItem.objects.exists()


def test_flag_of_what_one_may_not_see_is_not_found():
    post = make_reply(make_topic(space=make_space(audience=Audience.STAFF), author=make_user(is_agent=True)),
                      author=make_user(is_agent=True))

    with pytest.raises(Http404):
        make_flag(post)

    assert not Flag.objects.exists()


@pytest.mark.parametrize(
    ("reason", "note", "field"), [("boring", "", "reason"), ("other", " ", "note"), ("spam", "x" * 501, "note")]
)
def test_flag_with_a_bad_field_names_it(reason, note, field):
    post = make_reply(make_topic())

    with pytest.raises(ValidationError) as refusal:
        make_flag(post, reason=reason, note=note)

    assert list(refusal.value.message_dict) == [field]
    assert not ReviewItem.objects.exists()


def test_flag_of_an_unknown_type_is_not_found():
    with pytest.raises(Http404):
        flag_create(viewer=viewer(make_user()), target=("planet", 1), reason="spam")


def test_flags_beyond_ten_an_hour_are_refused():
    person, topic = make_user(), make_topic()
    for _ in range(10):
        make_flag(make_reply(topic), by=person)

    with pytest.raises(NotAllowed):
        make_flag(make_reply(topic), by=person)


def test_flag_by_a_rule_speaks_once():
    post = make_reply(make_topic())

    for _ in range(2):
        rule_flag_create(target=("post", post.pk), rule="many links", reason="spam", weight=1.5)

    assert Flag.objects.get().rule == "many links"
    assert ReviewItem.objects.get().score == 1.5


def test_weight_grows_with_trust_and_record():
    assert flag_weight(trust_level=0, is_staff=False, reason="spam", upheld=0, judged=0) == 1.0
    assert flag_weight(trust_level=2, is_staff=False, reason="spam", upheld=4, judged=4) == 3.0
    assert flag_weight(trust_level=2, is_staff=False, reason="spam", upheld=10, judged=10) == 4.5
    assert flag_weight(trust_level=0, is_staff=False, reason="spam", upheld=0, judged=10) == 0.5
    assert flag_weight(trust_level=0, is_staff=True, reason="private_info", upheld=0, judged=0) == 8.0


def test_remove_takes_the_post_away_and_upholds_all_flags(moderator):
    post = make_reply(make_topic())
    make_flag(post)
    item = make_flag(post).item

    decision = review_decide(viewer=viewer(moderator), item=item, action="remove", version=item.version, note="again")

    post.refresh_from_db()
    item.refresh_from_db()
    assert post.status == "removed"
    assert (item.state, item.decided_by) == ("removed", moderator)
    assert set(Flag.objects.values_list("state", flat=True)) == {"upheld"}
    assert decision.note == "again"
    event = Event.objects.get(name="review.decided")
    assert (event.target_type, event.target_id, event.data["action"]) == ("post", post.pk, "remove")
    assert len(event.data["flaggers"]) == 2


def test_keep_leaves_the_post_and_declines_the_flags(moderator):
    post = make_reply(make_topic())
    item = make_review(post)

    review_decide(viewer=viewer(moderator), item=item, action="keep", version=item.version)

    post.refresh_from_db()
    assert post.status == "published"
    assert Flag.objects.get().state == "declined"


def test_remove_of_the_first_post_removes_its_topic(moderator):
    topic = make_topic()
    item = make_review(topic.posts.get(number=1))

    review_decide(viewer=viewer(moderator), item=item, action="remove", version=item.version)

    topic.refresh_from_db()
    assert topic.status == "removed"


def test_kept_item_that_is_flagged_again_is_open_again_with_the_new_flag_alone(moderator):
    post = make_reply(make_topic())
    item = make_review(post)
    review_decide(viewer=viewer(moderator), item=item, action="keep", version=item.version)

    again = make_flag(post, by=make_user(trust_level=1)).item

    assert again.pk == item.pk
    assert (again.state, again.flag_count, again.score) == ("open", 1, 2.0)


def test_second_moderator_with_an_old_version_hears_who_decided_what(moderator):
    other = make_user("other", is_moderator=True, display_name="Olga")
    item = make_review()
    seen = item.version
    review_decide(viewer=viewer(other), item=item, action="keep", version=seen)

    with pytest.raises(Conflict, match="Olga has kept this"):
        review_decide(viewer=viewer(moderator), item=item, action="remove", version=seen)

    assert ReviewDecision.objects.count() == 1
    assert ReviewItem.objects.get().state == "kept"


def test_person_without_the_review_token_decides_nothing():
    item = make_review()

    with pytest.raises(NotAllowed):
        review_decide(viewer=viewer(make_user(is_agent=True)), item=item, action="remove", version=item.version)

    assert not ReviewDecision.objects.exists()


def test_reviewer_of_one_space_decides_there_and_sees_nothing_elsewhere():
    here, there = make_space(), make_space()
    reviewer = make_user()
    admin = viewer(make_user(is_superuser=True))
    member_add(viewer=admin, space=here, user=reviewer, role=SpaceMembership.Role.REVIEWER)
    mine, other = make_review(make_reply(make_topic(space=here))), make_review(make_reply(make_topic(space=there)))

    rows, _page = selectors.queue(viewer(reviewer))

    assert [row.item for row in rows] == [mine]
    assert selectors.open_count(viewer(reviewer)) == 1
    review_decide(viewer=viewer(reviewer), item=mine, action="keep", version=mine.version)
    with pytest.raises(NotAllowed):
        review_decide(viewer=viewer(reviewer), item=other, action="keep", version=other.version)


def test_undo_brings_post_flags_and_item_back(moderator):
    post = make_reply(make_topic())
    item = make_review(post)
    decision = review_decide(viewer=viewer(moderator), item=item, action="remove", version=item.version)

    review_undo(viewer=viewer(moderator), decision=decision)

    post.refresh_from_db()
    item.refresh_from_db()
    decision.refresh_from_db()
    assert (post.status, item.state, item.decided_by, item.score) == ("published", "open", None, 1.0)
    assert Flag.objects.get().state == "open"
    assert decision.undone_by == moderator
    assert Event.objects.filter(name="review.undone").count() == 1


def test_undo_after_ten_minutes_is_too_late(moderator):
    item = make_review()
    decision = review_decide(viewer=viewer(moderator), item=item, action="remove", version=item.version)

    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False), pytest.raises(Conflict):
        review_undo(viewer=viewer(moderator), decision=decision)

    assert ReviewItem.objects.get().state == "removed"


def test_undo_twice_is_refused(moderator):
    item = make_review()
    decision = review_decide(viewer=viewer(moderator), item=item, action="remove", version=item.version)
    review_undo(viewer=viewer(moderator), decision=decision)

    with pytest.raises(Conflict):
        review_undo(viewer=viewer(moderator), decision=decision)


def test_undo_when_it_was_flagged_again_is_refused(moderator):
    post = make_reply(make_topic())
    item = make_review(post)
    decision = review_decide(viewer=viewer(moderator), item=item, action="keep", version=item.version)
    make_flag(post)

    with pytest.raises(Conflict):
        review_undo(viewer=viewer(moderator), decision=decision)


def test_later_decision_restores_what_was_removed(moderator):
    post = make_reply(make_topic())
    item = make_review(post)
    review_decide(viewer=viewer(moderator), item=item, action="remove", version=item.version)
    item.refresh_from_db()

    review_decide(viewer=viewer(moderator), item=item, action="keep", version=item.version)

    post.refresh_from_db()
    assert post.status == "published"
    assert list(ReviewDecision.objects.values_list("action", flat=True)) == ["keep", "remove"]


def test_item_follows_its_topic_to_another_space(moderator):
    from accounts.events.worker import drain
    from community.forums.services import topic_move

    topic, new_home = make_topic(), make_space()
    item = make_review(make_reply(topic))
    topic_move(viewer=viewer(moderator), topic=topic, space=new_home)

    drain()

    item.refresh_from_db()
    assert item.container == f"space:{new_home.pk}"


def test_queue_costs_the_same_for_two_items_and_for_twenty(moderator, django_assert_num_queries):
    topic = make_topic()
    for _ in range(2):
        make_review(make_reply(topic))
    eyes = viewer(moderator)

    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            rows, _page = selectors.queue(eyes)
        assert rows
        return len(queries)

    few = count()
    for _ in range(18):
        make_review(make_reply(topic))

    assert count() == few <= 4
