"""Leaks that the walk (tests/leaks) or a look at the code found. Each stays closed."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.errors import NotAllowed
from accounts.events.worker import drain
from accounts.models import Audience, User
from accounts.services import token_create
from community.forums.services import reply_create, topic_create, topic_move
from community.ideas.services import idea_merge
from community.notifications.models import Notification
from community.spaces.models import SpaceMembership
from community.spaces.services import member_add, member_remove
from tests.factories.forums import make_reply, make_topic
from tests.factories.ideas import make_idea
from tests.factories.people import make_organisation, make_user, viewer
from tests.factories.reviews import make_review
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def ask(user: User, path: str, *scopes: str) -> dict:
    """The API's answer to a token of this person with these scopes."""
    _row, token = token_create(viewer=viewer(user), user=user, scopes=scopes)
    return Client().get(path, headers={"Authorization": f"Bearer {token}"}).json()


def test_idea_when_merged_into_a_hidden_one_then_outsiders_read_no_title_and_no_id():
    admin = make_user(is_superuser=True)
    hidden = make_idea(space=make_space(audience=Audience.GROUPS), author=admin, title="Buy the zebra factory")
    merged = make_idea()
    idea_merge(viewer=viewer(admin), idea=merged, into=hidden)

    page = signed_in(make_user()).get(merged.get_absolute_url()).content.decode()
    shown = Client().get(f"/api/v1/ideas/{merged.pk}").json()

    assert "zebra" not in page and f"/t/{hidden.pk}/" not in page
    assert shown["merged_into"] is None
    assert "zebra" in signed_in(admin).get(merged.get_absolute_url()).content.decode()


def test_answer_to_a_whisper_when_read_by_others_then_the_whisper_is_not_named():
    agent, member = make_user("quietagent", is_agent=True), make_user()
    topic = make_topic()
    whisper = make_reply(topic, author=agent, is_whisper=True)
    make_reply(topic, author=member, reply_to=whisper)

    assert "#post-2" not in signed_in(member).get(topic.get_absolute_url()).content.decode()
    assert "#post-2" in signed_in(agent).get(topic.get_absolute_url()).content.decode()


def test_whisper_when_it_begins_a_new_page_then_others_see_neither_the_page_nor_an_unread_mark():
    agent, member = make_user(is_agent=True), make_user()
    topic = make_topic()
    for _number in range(19):
        make_reply(topic)
    client, staff = signed_in(member), signed_in(agent)
    client.get(topic.get_absolute_url())
    before = client.get("/topics/").content.decode().count("row unread")
    make_reply(topic, author=agent, is_whisper=True)

    assert client.get("/topics/").content.decode().count("row unread") == before == 0
    assert "?page=2" not in client.get(topic.get_absolute_url()).content.decode()
    assert "?page=2" in staff.get(topic.get_absolute_url()).content.decode()


def test_token_when_without_the_scope_private_then_neither_the_bell_nor_the_address_is_read():
    organisation = make_organisation("Zebra Works")
    asker = make_user(organisation=organisation)
    make_reply(make_topic(author=asker))
    drain()
    assert ask(asker, "/api/v1/notifications", "read", "private")["unread"] == 1

    bell, me = ask(asker, "/api/v1/notifications", "read", "write"), ask(asker, "/api/v1/me", "read", "write")

    assert (bell["unread"], bell["results"], me["email"], me["organisation"]) == (0, [], None, None)


def test_token_when_it_may_read_less_than_its_person_then_asking_hides_nothing_in_the_bell():
    admin, member = make_user(is_superuser=True), make_user()
    space = make_space(audience=Audience.GROUPS)
    member_add(viewer=viewer(admin), space=space, user=member)
    make_reply(make_topic(author=member, space=space), author=admin)
    drain()

    ask(member, "/api/v1/notifications", "read")

    assert Notification.objects.get(user=member).hidden_at is None


def test_token_of_staff_when_without_the_scope_staff_then_staff_spaces_are_closed():
    agent = make_user(is_agent=True)
    make_space("Zebra room", audience=Audience.STAFF)

    def names(*scopes: str) -> list[str]:
        return [space["name"] for space in ask(agent, "/api/v1/spaces", *scopes)["results"]]

    assert (names("read", "private"), names("read", "private", "staff")) == ([], ["Zebra room"])


def test_key_sent_again_when_the_topic_moved_out_of_sight_then_nothing_of_it_is_told():
    admin, member = make_user(is_superuser=True), make_user()
    space, hidden = make_space(), make_space(audience=Audience.GROUPS)
    sent = {"space": space, "kind": "question", "title": "How do I pay?", "body": "By card.", "idempotency_key": "k"}
    topic = topic_create(viewer=viewer(member), **sent)
    reply = {"topic": make_topic(space=space), "body": "Once more.", "idempotency_key": "r"}
    post = reply_create(viewer=viewer(member), **reply)
    assert topic_create(viewer=viewer(member), **sent) == topic
    assert reply_create(viewer=viewer(member), **reply) == post
    for moved in (topic, post.topic):
        topic_move(viewer=viewer(admin), topic=moved, space=hidden)

    with pytest.raises(NotAllowed):
        topic_create(viewer=viewer(member), **sent)
    with pytest.raises(NotAllowed):
        reply_create(viewer=viewer(member), **reply | {"topic": make_topic(space=space)})


def test_record_of_an_author_when_read_by_a_reviewer_of_one_space_then_it_counts_that_space_alone():
    author, reviewer, admin = make_user(), make_user(), make_user(is_superuser=True)
    space, hidden = make_space(), make_space(audience=Audience.GROUPS)
    member_add(viewer=viewer(admin), space=space, user=reviewer, role=SpaceMembership.Role.REVIEWER)
    member_add(viewer=viewer(admin), space=hidden, user=author)
    item = make_review(make_reply(make_topic(space=space), author=author))
    make_review(make_reply(make_topic(space=hidden, author=admin), author=author), by=admin)
    member_remove(viewer=viewer(admin), space=hidden, user=author)

    def open_items(person: User) -> int:
        from community.moderation.selectors import case_of

        return case_of(viewer(person), item).author.open

    assert (open_items(reviewer), open_items(admin)) == (1, 2)
