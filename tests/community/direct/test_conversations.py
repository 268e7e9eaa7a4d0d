"""Private messages: who may, who reads them, what is told to whom, and what moderators see of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.events.worker import drain
from accounts.services import token_create
from community.direct import policies, services
from community.direct.models import Conversation, Message
from community.direct.selectors import box, messages_of, unread_count
from community.direct.services import (
    conversation_archive,
    conversation_leave,
    conversation_start,
    message_send,
    people_add,
)
from community.moderation.models import ReviewItem
from community.moderation.services import flag_create, review_decide
from community.notifications.selectors import for_page
from tests.community.moderation.test_races import at_once
from tests.factories.people import client_of, make_group, make_user, viewer

pytestmark = pytest.mark.django_db


def start(by, *to, **fields) -> Conversation:
    fields = {
        "subject": "Keys for the hub",
        "body": "They are under the mat.",
        "to": [who.username for who in to],
    } | fields
    return conversation_start(viewer=viewer(by), **fields)


@pytest.fixture
def mara(db):
    return make_user("mara", trust_level=1)


@pytest.fixture
def jonas(db):
    return make_user("jonas", trust_level=0)


def test_start_when_sent_then_those_named_read_it_and_staff_do_not(mara, jonas) -> None:
    conversation = start(mara, jonas)
    others = [make_user(), make_user(is_moderator=True), make_user(is_superuser=True, is_staff=True), None]

    message_send(viewer=viewer(jonas), conversation=conversation, body="Thank you.")

    for who in (mara, jonas):
        assert [message.number for message in messages_of(viewer(who), conversation)] == [1, 2]
        assert "under the mat" in client_of(who).get(conversation.get_absolute_url()).content.decode()
    for who in others:
        assert not policies.can_see(viewer(who), conversation) and box(viewer(who), "inbox") == []
        with pytest.raises(NotAllowed):
            message_send(viewer=viewer(who), conversation=conversation, body="Hello?")
        if who is not None:
            assert client_of(who).get(conversation.get_absolute_url()).status_code == 404
    link = f"/messages/new/?to={jonas.username}"
    assert link in client_of(mara).get(f"/u/{jonas.username}/").content.decode()
    assert link not in client_of(jonas).get(f"/u/{jonas.username}/").content.decode()
    assert "mat" not in str([event.data for event in Event.objects.filter(name__startswith="message.")])


def test_group_when_written_to_then_its_people_read_it_until_they_leave_the_group(mara, jonas) -> None:
    team = make_group("Installers")
    mara.groups.add(team)
    jonas.groups.add(team)
    conversation = start(mara, groups=[team.pk])
    drain()

    assert unread_count(viewer(jonas)) == 1 and [line.row.kind for line in for_page(viewer(jonas)).lines] == ["message"]
    with pytest.raises(ValidationError) as refused:
        conversation_leave(viewer=viewer(jonas), conversation=conversation)
    assert "act" in refused.value.message_dict
    jonas.groups.remove(team)

    assert not policies.can_see(viewer(jonas), conversation) and for_page(viewer(jonas)).lines == []
    with pytest.raises(ValidationError) as refused:
        start(make_user(trust_level=1), groups=[team.pk])
    assert "groups" in refused.value.message_dict


@pytest.mark.parametrize(
    ("field", "sent"),
    [("to", {"to": []}), ("to", {"to": ["nobody-here"]}), ("to", {"to": ["mara"]}), ("to", {"to": ["x" * 300]}),
     ("to", {"to": [f"name{number}" for number in range(31)]}), ("subject", {"subject": " "}),
     ("subject", {"subject": "x" * 201}), ("body", {"body": " "}), ("body", {"body": "x" * 32_001}),
     ("groups", {"groups": [999]})],
    ids=["nobody", "unknown", "oneself", "long", "many", "no subject", "long subject", "no text", "long text", "group"],
)  # fmt: skip
def test_start_when_a_field_is_wrong_then_it_is_named_and_nothing_stays(mara, jonas, field: str, sent: dict) -> None:
    with pytest.raises(ValidationError) as refused:
        start(mara, jonas, **sent)

    assert list(refused.value.message_dict) == [field]
    assert not Conversation.objects.exists() and not Message.objects.exists()


def test_start_when_a_newcomer_or_too_often_then_refused_until_the_day_is_over(mara, jonas, monkeypatch) -> None:
    with pytest.raises(NotAllowed):
        start(jonas, mara)
    assert client_of(jonas).get("/messages/new/").status_code == 403
    monkeypatch.setattr(services, "STARTS_A_DAY", 2)
    monkeypatch.setattr(services, "MESSAGES_A_DAY", 3)
    first = [start(mara, jonas), start(mara, jonas)][0]
    with pytest.raises(ValidationError) as refused:
        start(mara, jonas)
    assert "2 conversations" in refused.value.message_dict["to"][0]
    message_send(viewer=viewer(mara), conversation=first, body="One more.")
    with pytest.raises(ValidationError) as refused:
        message_send(viewer=viewer(mara), conversation=first, body="And one.")
    assert "body" in refused.value.message_dict

    yesterday = timezone.now() - timedelta(days=1, seconds=1)
    Conversation.objects.update(created_at=yesterday)
    Message.objects.update(created_at=yesterday)
    start(mara, jonas)


def test_boxes_when_read_put_away_left_and_written_to_again_then_each_holds_what_it_says(mara, jonas) -> None:
    conversation = start(mara, jonas)
    assert [row.is_unread for row in box(viewer(jonas), "inbox")] == [True] and box(viewer(jonas), "sent") == []
    client = client_of(jonas)
    assert "1 new" in client.get("/messages/unread/").content.decode()

    client.get(conversation.get_absolute_url())
    assert unread_count(viewer(jonas)) == 0 and [row.is_unread for row in box(viewer(mara), "sent")] == [False]
    client.post(f"/messages/{conversation.pk}/act/", {"act": "archive"})
    assert box(viewer(jonas), "inbox") == [] and len(box(viewer(jonas), "archive")) == 1
    message_send(viewer=viewer(mara), conversation=conversation, body="Are you there?")
    assert len(box(viewer(jonas), "inbox")) == 1 and unread_count(viewer(jonas)) == 1

    client.post(f"/messages/{conversation.pk}/act/", {"act": "leave"})
    assert client.get(conversation.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        conversation_archive(viewer=viewer(jonas), conversation=conversation, on=True)
    assert client.post(f"/messages/{conversation.pk}/act/", {"act": "add", "to": "jonas"}).status_code == 404


def test_add_when_somebody_is_let_in_then_they_read_all_and_thirty_are_the_most(mara, jonas, monkeypatch) -> None:
    conversation, third = start(mara, jonas), make_user()
    people_add(viewer=viewer(mara), conversation=conversation, to=[third.username, "jonas"])
    assert [message.number for message in messages_of(viewer(third), conversation)] == [1]

    monkeypatch.setattr(services, "MOST_PEOPLE", 3)
    with pytest.raises(ValidationError):
        people_add(viewer=viewer(mara), conversation=conversation, to=[make_user().username])
    wrong = client_of(mara).post(f"/messages/{conversation.pk}/act/", {"act": "add", "to": "nobody-here"})
    assert wrong.status_code == 400 and "nobody called" in wrong.content.decode()
    with pytest.raises(NotAllowed):
        people_add(viewer=viewer(make_user(trust_level=3)), conversation=conversation, to=["jonas"])


def test_flag_when_raised_then_moderators_read_that_message_alone_and_may_remove_it(mara, jonas) -> None:
    conversation, moderator = start(mara, jonas), viewer(make_user(is_moderator=True))
    bad = message_send(viewer=viewer(mara), conversation=conversation, body="Send me your password.")
    assert not Message.objects.visible_to(moderator).exists()

    assert client_of(jonas).post(f"/flag/message/{bad.pk}/", {"reason": "spam"}).status_code == 302

    item = ReviewItem.objects.get(target_type="message")
    assert [message.pk for message in Message.objects.visible_to(moderator)] == [bad.pk]
    queue = client_of(make_user(is_moderator=True)).get(f"/moderation/{item.pk}/").content.decode()
    assert "Send me your password." in queue and "under the mat" not in queue and conversation.subject not in queue
    review_decide(viewer=moderator, item=item, action="remove", version=item.version)
    assert [message.number for message in messages_of(viewer(jonas), conversation)] == [1]
    with pytest.raises(Http404):
        flag_create(viewer=viewer(make_user()), target=("message", bad.pk), reason="spam")


def test_message_when_sent_twice_with_its_key_then_stands_once_and_each_hears_once(mara, jonas) -> None:
    conversation = start(mara, jonas, idempotency_key="k1")
    again = start(mara, jonas, idempotency_key="k1")
    client, address = client_of(jonas), conversation.get_absolute_url()
    for _ in range(2):
        assert client.post(address, {"body": "Found them.", "key": "k2"}).status_code == 302
    drain()

    assert again.pk == conversation.pk and Message.objects.count() == 2
    lines = for_page(viewer(mara)).lines
    assert [line.message.excerpt for line in lines] == ["Found them."]
    client_of(mara).get(address)
    assert for_page(viewer(mara), only_unread=True).lines == []
    empty = client.post(address, {"body": " ", "key": "k3"})
    assert empty.status_code == 400 and "Write something here" in empty.content.decode()


def test_api_when_the_token_may_not_read_what_is_private_then_there_is_nothing(mara, jonas) -> None:
    conversation = start(mara, jonas)

    def client(*scopes: str) -> Client:
        _row, token = token_create(viewer=viewer(jonas), user=jonas, scopes=scopes)
        return Client(headers={"Authorization": f"Bearer {token}"})

    address = f"/api/v1/conversations/{conversation.pk}/messages"
    assert client("read", "write").get(address).status_code == 404
    assert client("read").get("/api/v1/conversations").json() == {"results": []}
    full = client("read", "write", "private")
    assert full.post(address, {"body": "Thanks."}, "application/json").status_code == 201
    assert [row["body"] for row in full.get(f"{address}?after=1").json()["results"]] == ["Thanks."]
    assert full.get("/api/v1/conversations").json()["results"][0]["people"] == ["mara", "jonas"]
    assert full.get("/api/v1/conversations?box=bin").status_code == 400


def test_box_when_it_grows_then_costs_the_same(mara, jonas, django_assert_num_queries) -> None:
    who = viewer(jonas)
    for _ in range(2):
        start(mara, jonas)
        with django_assert_num_queries(3):
            box(who, "inbox")


@pytest.mark.django_db(transaction=True)
def test_messages_when_many_come_at_once_then_numbers_have_no_gap() -> None:
    people = [make_user(trust_level=1) for _ in range(6)]
    conversation = start(people[0], *people[1:])
    jobs = [
        lambda who=who: message_send(viewer=who, conversation=conversation, body="Me too.")
        for who in map(viewer, people)
    ]

    results = at_once(jobs)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert list(conversation.messages.values_list("number", flat=True)) == list(range(1, 8))
    assert Conversation.objects.get(pk=conversation.pk).last_number == 7
