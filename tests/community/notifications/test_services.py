from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.events.models import Event
from accounts.events.worker import drain
from accounts.models import Audience
from accounts.viewer import system_viewer
from community.forums.messages import readers_of_posts, resolve_reply, tell_of_replies
from community.forums.models import Post
from community.forums.services import content_set_status, topic_follow
from community.moderation.services import review_decide, review_undo
from community.notifications import selectors, services
from community.notifications.models import Inbox, Notification
from community.spaces.services import member_add, member_remove
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.reviews import make_flag
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def texts(user) -> list[str]:
    return [line.message.text for line in selectors.for_page(viewer(user)).lines]


def test_reply_tells_the_author_of_the_topic_once_and_never_its_own_author():
    asker, helper = make_user(), make_user(display_name="Hanna")
    topic = make_topic(author=asker, title="Where is the reset button?")
    make_reply(topic, author=helper)

    drain()

    assert texts(asker) == ["Hanna replied in “Where is the reset button?”"]
    assert not Notification.objects.filter(user=helper).exists()


def test_same_key_a_second_time_tells_nobody_again():
    asker = make_user()
    post = make_reply(make_topic(author=asker))
    told = {"kind": "reply", "user_ids": [asker.pk], "actor_id": post.author_id, "target": post, "key": "once"}

    assert len(services.notify(**told)) == 1
    assert services.notify(**told) == []
    assert Inbox.objects.get(user=asker).last_number == 1


def test_numbers_are_dense_for_each_person():
    asker, other = make_user(), make_user()
    first, second = make_topic(author=asker), make_topic(author=other)
    for topic in (first, second, first, first):
        make_reply(topic)

    drain()

    numbers = Notification.objects.filter(user=asker).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
    assert Notification.objects.get(user=other).number == 1


def test_replies_in_one_topic_fold_into_the_newest_until_it_is_visited():
    asker = make_user()
    topic = make_topic(author=asker, title="Hub offline")
    for name in ("Ada", "Ben", "Cleo"):
        make_reply(topic, author=make_user(display_name=name))
        drain()

    lines = selectors.for_page(viewer(asker)).lines
    assert [line.message.text for line in lines] == ["Cleo and 2 others replied in “Hub offline”"]
    assert (lines[0].row.number, selectors.unread_count(viewer(asker))) == (3, 1)
    assert lines[0].row.data["first"] == {"number": 2}

    services.thread_seen(viewer=viewer(asker), thread=f"topic:{topic.pk}")
    assert selectors.unread_count(viewer(asker)) == 0
    assert not Notification.objects.filter(user=asker, read_at=None).exists()

    make_reply(topic, author=make_user(display_name="Dora"))
    drain()
    assert texts(asker)[0] == "Dora replied in “Hub offline”"


def test_replies_that_waited_for_the_worker_are_told_at_once_and_fold_the_same():
    asker, follower = make_user(), make_user()
    topic, other = make_topic(author=asker, title="Hub offline"), make_topic(author=asker, title="The lamp")
    topic_follow(viewer=viewer(follower), topic=topic, on=True)
    for place, name in ((topic, "Ada"), (other, "Ben"), (topic, "Cleo"), (topic, "Dora")):
        make_reply(place, author=make_user(display_name=name))

    drain()

    assert texts(asker) == ["Dora and 2 others replied in “Hub offline”", "Ben replied in “The lamp”"]
    rows = Notification.objects.filter(user=asker).order_by("number").values_list("number", "count", "is_folded")
    assert list(rows) == [(1, 1, True), (2, 1, False), (3, 2, True), (4, 3, False)]
    assert Inbox.objects.get(user=asker).last_number == 4
    assert texts(follower) == ["Dora and 2 others replied in “Hub offline”"]
    assert selectors.unread_count(viewer(asker)) == 2


def test_telling_many_costs_a_statement_a_person_and_no_more():
    author = make_user()
    few, many = make_topic(author=author), make_topic(author=author)
    for topic, count in ((few, 2), (many, 9)):
        for _ in range(count):
            topic_follow(viewer=viewer(make_user()), topic=topic, on=True)
        make_reply(topic)
    drain()
    costs = []
    for topic in (few, many):
        event = Event.objects.get(name="post.created", target_id=make_reply(topic).pk)
        with CaptureQueriesContext(connection) as told:
            tell_of_replies([event])
        costs.append(len(told))

    assert costs[1] - costs[0] == 7
    assert costs[0] <= 15 + 4  # of its four people one was never told of anything before


@pytest.mark.parametrize("status", ["published", "pending", "removed"])
@pytest.mark.parametrize("is_whisper", [False, True])
def test_predicate_of_a_message_and_its_row_filter_tell_the_same(status, is_whisper):
    space = make_space(audience=Audience.GROUPS)
    member, staff = make_user(), make_user(is_agent=True)
    for person in (member, staff):
        member_add(viewer=system_viewer(), space=space, user=person)
    post = make_reply(make_topic(space=space, author=member), author=staff)
    Post.objects.filter(pk=post.pk).update(status=status, is_whisper=is_whisper)
    row = Notification(pk=1, kind="reply", target_type="post", target_id=post.pk, data={"number": 2})

    may_see = readers_of_posts([post.pk])
    for person in (member, staff, make_user(), make_user(is_moderator=True), make_user(is_superuser=True)):
        looking = viewer(person)
        assert may_see(looking, post.pk) == bool(resolve_reply(looking, [row]))


def test_opening_a_folded_row_reads_all_that_is_in_it():
    asker = make_user()
    topic = make_topic(author=asker)
    for _ in range(3):
        make_reply(topic)
        drain()

    services.notification_read(viewer=viewer(asker), notification=Notification.objects.get(user=asker, number=3))

    assert not Notification.objects.filter(user=asker, read_at=None).exists()


def test_person_who_was_removed_before_the_worker_came_is_not_told():
    admin, member = make_user(is_superuser=True), make_user()
    space = make_space(audience=Audience.GROUPS)
    member_add(viewer=viewer(admin), space=space, user=member)
    topic = make_topic(space=space, author=admin)
    topic_follow(viewer=viewer(member), topic=topic, on=True)
    make_reply(topic, author=make_user(is_superuser=True))
    member_remove(viewer=viewer(admin), space=space, user=member)

    drain()

    assert not Notification.objects.filter(user=member).exists()


def test_older_row_goes_when_access_goes_and_comes_back_with_it():
    admin, member = make_user(is_superuser=True), make_user()
    space = make_space(audience=Audience.GROUPS)
    member_add(viewer=viewer(admin), space=space, user=member)
    topic = make_topic(space=space, author=member)
    make_reply(topic, author=admin)
    drain()
    assert selectors.unread_count(viewer(member)) == 1

    member_remove(viewer=viewer(admin), space=space, user=member)
    assert texts(member) == []
    assert selectors.unread_count(viewer(member)) == 0

    member_add(viewer=viewer(admin), space=space, user=member)
    assert len(texts(member)) == 1


def test_row_of_a_removed_post_goes_and_comes_back_with_the_post():
    asker = make_user()
    topic = make_topic(author=asker)
    post = make_reply(topic)
    drain()

    content_set_status(actor_id=None, target=post, status="removed")
    assert texts(asker) == []

    content_set_status(actor_id=None, target=post, status="published")
    assert len(texts(asker)) == 1


def test_page_is_full_when_lost_rows_are_among_the_newest():
    asker = make_user()
    for _ in range(6):
        make_reply(make_topic(author=asker))
        drain()
    for row in Notification.objects.order_by("-number")[:3]:
        from community.forums.models import Post

        content_set_status(actor_id=None, target=Post.objects.get(pk=row.target_id), status="removed")

    page = selectors.for_page(viewer(asker), size=2)

    assert [line.row.number for line in page.lines] == [3, 2]
    assert [line.row.number for line in selectors.for_page(viewer(asker), size=2, before=page.more_before).lines] == [1]


def test_page_costs_the_same_for_two_rows_and_for_twenty():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asker = make_user()

    def cost() -> int:
        eyes = viewer(asker)
        with CaptureQueriesContext(connection) as queries:
            assert selectors.for_page(eyes).lines
        return len(queries)

    for _ in range(2):
        make_reply(make_topic(author=asker))
    drain()
    few = cost()
    for _ in range(20):
        make_reply(make_topic(author=asker))
    drain()

    assert cost() == few <= 4


def test_flagger_hears_of_a_removal_and_the_author_hears_why():
    moderator, flagger, author = make_user(is_moderator=True), make_user(), make_user()
    item = make_flag(make_reply(make_topic(), author=author), by=flagger, reason="rude").item
    review_decide(viewer=viewer(moderator), item=item, action="remove", version=item.version)

    drain()

    assert texts(flagger) == ["Thank you: the post you flagged was removed."]
    assert texts(author) == ["Your post was removed by a moderator: it was rude or hurtful."]
    assert Notification.objects.exclude(actor=None).filter(user__in=[flagger, author]).count() == 0


def test_flagger_hears_that_it_was_kept_and_the_author_hears_nothing():
    moderator, flagger, author = make_user(is_moderator=True), make_user(), make_user()
    item = make_flag(make_reply(make_topic(), author=author), by=flagger).item
    review_decide(viewer=viewer(moderator), item=item, action="keep", version=item.version)

    drain()

    assert texts(flagger) == ["Thank you: a moderator looked at the post you flagged and kept it."]
    assert texts(author) == []


def test_undo_takes_unread_outcomes_back_and_tells_an_author_who_read_it():
    moderator, flagger, author = make_user(is_moderator=True), make_user(), make_user()
    item = make_flag(make_reply(make_topic(), author=author), by=flagger).item
    decision = review_decide(viewer=viewer(moderator), item=item, action="remove", version=item.version)
    drain()
    services.all_read(viewer=viewer(author))

    review_undo(viewer=viewer(moderator), decision=decision)
    drain()

    assert texts(flagger) == []
    assert texts(author)[0] == "Your post is back: a moderator looked at it again."


def test_unknown_kind_is_refused_loudly():
    with pytest.raises(LookupError):
        services.notify(kind="nonsense", user_ids=[1], actor_id=None, target=("post", 1), key="x")
