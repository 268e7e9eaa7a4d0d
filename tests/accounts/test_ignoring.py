"""Muting and ignoring: what is told, what is folded, who may write to whom, and that it is nobody else's business."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.events.worker import drain
from accounts.ignoring import services
from accounts.ignoring.models import Ignore
from accounts.ignoring.selectors import ignored_by
from accounts.ignoring.services import ignores_purge, person_hear, person_ignore
from accounts.services import token_create
from community.direct.models import Conversation, Message
from community.direct.services import conversation_start, message_send, people_add
from community.forums.services import post_react, solution_accept, topic_follow
from community.notifications.models import Notification
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_group, make_user, viewer

pytestmark = pytest.mark.django_db
FOLDED = '<details class="folded">'


@pytest.fixture
def mara(db):
    return make_user("mara", trust_level=1)


@pytest.fixture
def troll(db):
    return make_user("troll", trust_level=1)


def ignore(owner, person, level: str = "ignored", **fields) -> Ignore:
    return person_ignore(viewer=viewer(owner), person=person, level=level, **fields)


def told(user) -> list[str]:
    drain()
    return sorted(Notification.objects.filter(user=user).values_list("kind", flat=True))


@pytest.mark.parametrize("level", ["muted", "ignored"])
def test_notifications_when_muted_or_ignored_then_none_of_what_they_do(mara, troll, level: str) -> None:
    ignore(mara, troll, level)
    topic = make_topic(author=mara)
    reply = make_reply(topic, author=troll, body="Look here, @mara.")
    post_react(viewer=viewer(troll), post=topic.posts.get(number=1), name="thumbsup", on=True)
    own = make_reply(topic, author=mara)
    make_topic(author=troll, body="I mean you, @mara.")
    third = make_user(trust_level=1)
    talk = conversation_start(viewer=viewer(third), subject="Keys", body="Hello", to=["mara", "troll"])
    message_send(viewer=viewer(troll), conversation=talk, body="Me too.")
    solution_accept(viewer=viewer(make_user(is_agent=True)), topic=topic, post=own)

    assert told(mara) == ["message", "solution"]
    assert "reply" in told(troll), "the other way they hear as before"

    person_hear(viewer=viewer(mara), person=troll)
    make_reply(topic, author=troll)
    assert told(mara) == ["message", "reply", "solution"] and reply.author == troll


def test_posts_when_ignored_then_folded_for_that_reader_alone_and_in_what_arrives_live(mara, troll) -> None:
    topic = make_topic(author=mara)
    make_reply(topic, author=troll, body="Words of the troll")
    make_reply(topic, author=make_user(), body="Words of somebody")
    client, other = client_of(mara), client_of(troll)
    address, after = topic.get_absolute_url(), f"/t/{topic.pk}/posts/?after=1"
    client.get(address)
    before = _statements(client, address)
    ignore(mara, troll, "muted")
    assert FOLDED not in client.get(address).content.decode()

    ignore(mara, troll)

    page = client.get(address).content.decode()
    assert page.count(FOLDED) == 1 and "You ignore Troll." in page
    folded = page.partition(FOLDED)[2].partition("</details>")[0]
    assert "Words of the troll" in folded and "Words of somebody" not in folded
    assert client.get(after, headers={"HX-Request": "true"}).content.decode().count(FOLDED) == 1
    assert _statements(client, address) <= before
    assert FOLDED not in other.get(address).content.decode()
    shown = client.get(f"/api/v1/topics/{topic.pk}/posts").json()["results"]
    assert [post["is_ignored"] for post in shown] == [False, True, False]


def _statements(client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_answer_when_by_an_ignored_person_then_its_quote_is_not_read_out(mara, troll) -> None:
    topic = make_topic(author=mara)
    reply = make_reply(topic, author=troll, body="Words of the troll")
    solution_accept(viewer=viewer(mara), topic=topic, post=reply)
    ignore(mara, troll)

    page = client_of(mara).get(topic.get_absolute_url()).content.decode()

    assert page.count("Words of the troll") == 1 and "You ignore this person." in page
    assert "Words of the troll" not in client_of(mara).get(f"/posts/{reply.pk}/quote/").content.decode()


def test_messages_when_ignored_then_refused_both_ways_and_in_what_is_there_already(mara, troll) -> None:
    talk = conversation_start(viewer=viewer(troll), subject="Hello", body="You there", to=["mara"])
    third = make_user("third", trust_level=1)
    wide = conversation_start(viewer=viewer(third), subject="Hello all", body="Hi", to=["mara", "troll"])
    ignore(mara, troll)

    for sender, person in ((troll, "mara"), (mara, "troll")):
        with pytest.raises(ValidationError) as refused:
            conversation_start(viewer=viewer(sender), subject="Hello", body="Again", to=[person, "third"])
        assert list(refused.value.message_dict) == ["to"] and person in str(refused.value)
    with pytest.raises(ValidationError):
        people_add(viewer=viewer(troll), conversation=conversation_start(
            viewer=viewer(troll), subject="Three", body="Hi", to=["third"]), to=["mara"])  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        message_send(viewer=viewer(troll), conversation=talk, body="Why?")
    assert list(refused.value.message_dict) == ["body"]
    assert Message.objects.filter(conversation=talk).count() == 1 and Conversation.objects.count() == 3
    message_send(viewer=viewer(troll), conversation=wide, body="Words for all")
    page = client_of(mara).get(wide.get_absolute_url()).content.decode()
    assert "Words for all" in page.partition(FOLDED)[2].partition("</details>")[0]
    assert FOLDED not in client_of(third).get(wide.get_absolute_url()).content.decode()
    assert "/messages/new/?to=troll" not in client_of(mara).get("/u/troll/").content.decode()

    ignore(mara, troll, "muted")
    assert message_send(viewer=viewer(troll), conversation=talk, body="Now?").number == 2


def test_staff_when_to_be_ignored_then_refused_and_who_becomes_staff_is_heard(mara, troll) -> None:
    for role in ("is_moderator", "is_agent", "is_manager", "is_superuser"):
        with pytest.raises(NotAllowed):
            ignore(mara, make_user(**{role: True}))
    with pytest.raises(NotAllowed):
        ignore(mara, mara)
    topic = make_topic(author=mara)
    ignore(mara, troll)
    type(troll).objects.filter(pk=troll.pk).update(is_agent=True)

    make_reply(topic, author=troll)

    assert FOLDED not in client_of(mara).get(topic.get_absolute_url()).content.decode()
    assert told(mara) == ["reply"]
    assert "Mute or ignore" not in client_of(mara).get("/u/troll/").content.decode()


def test_time_when_over_then_they_are_heard_and_the_row_goes(mara, troll) -> None:
    past = timezone.now() - timedelta(days=8)
    ignore(mara, troll, days=7, at=past)
    assert ignored_by(viewer(mara)) == [] and viewer(mara).ignored_ids == frozenset()

    ignore(mara, troll, days=9, at=past)
    assert [row.level for row in ignored_by(viewer(mara))] == ["ignored"]
    assert viewer(mara).ignores(troll.pk) and not viewer(troll).ignores(mara.pk)

    assert ignores_purge() == 0
    assert ignores_purge(now=timezone.now() + timedelta(days=2)) == 1 and not Ignore.objects.exists()


@pytest.mark.parametrize(
    ("field", "sent"), [("level", {"level": "hated"}), ("days", {"days": 0}), ("days", {"days": 366})],
    ids=["level", "no days", "too many days"],
)  # fmt: skip
def test_ignore_when_a_field_is_wrong_then_it_is_named(mara, troll, field: str, sent: dict) -> None:
    answer = client_of(mara).put("/api/v1/ignored/troll", {"level": "ignored"} | sent, content_type="application/json")
    assert answer.status_code == 400 and field in answer.content.decode()
    assert not Ignore.objects.exists()


def test_ignore_when_there_are_too_many_then_refused_but_a_change_is_not(mara, troll, monkeypatch) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    ignore(mara, troll)
    ignore(mara, troll, "muted")
    with pytest.raises(ValidationError) as refused:
        ignore(mara, make_user())
    assert "person" in refused.value.message_dict


def test_pages_when_used_then_one_chooses_on_a_profile_and_takes_all_back_in_the_settings(mara, troll) -> None:
    client, muted = client_of(mara), make_topic(title="Too much noise")
    topic_follow(viewer=viewer(mara), topic=muted, on=False)
    assert "Mute or ignore" in client.get("/u/troll/").content.decode()

    client.post("/u/troll/ignore/", {"act": "ignore", "level": "ignored", "days": "7"})

    row = Ignore.objects.get()
    assert (row.owner, row.person, row.level) == (mara, troll, "ignored") and row.until > timezone.now()
    page = client.get("/settings/ignored/").content.decode()
    assert "Hear Troll again" in page and "Follow again: Too much noise" in page
    back = client.post("/u/troll/ignore/", {"act": "hear", "next": "/settings/ignored/"})
    assert back.headers["Location"] == "/settings/ignored/" and not Ignore.objects.exists()
    client.post(f"/t/{muted.pk}/follow/", {"on": "1", "next": "/settings/ignored/"})
    page = client.get("/settings/ignored/").content.decode()
    assert "Too much noise" not in page and "You hear everybody." in page
    away = client.post("/u/troll/ignore/", {"act": "hear", "next": "https://evil.example/"})
    assert away.headers["Location"] == "/u/troll/"
    assert client.post("/u/nobody/ignore/", {"act": "hear"}).status_code == 404
    assert client.post("/u/troll/ignore/", {"act": "ignore", "level": "x"}).status_code == 400
    assert not Event.objects.filter(name__contains="ignor").exists()


def test_list_when_asked_for_then_it_is_ones_own_and_a_token_needs_private(mara, troll) -> None:
    ignore(mara, troll)
    client = client_of(mara)

    listed = client.get("/api/v1/ignored").json()["results"]
    assert listed == [{"username": "troll", "level": "ignored", "until": None}]
    for other in (troll, make_user(is_superuser=True, is_staff=True)):
        assert client_of(other).get("/api/v1/ignored").json() == {"results": []}
    _row, token = token_create(viewer=viewer(mara), user=mara, name="script", scopes=["read", "write"])
    bearer = {"headers": {"Authorization": f"Bearer {token}"}}
    topic = make_topic()
    make_reply(topic, author=troll)
    assert client.get("/api/v1/ignored", **bearer).json() == {"results": []}
    shown = client.get(f"/api/v1/topics/{topic.pk}/posts", **bearer).json()["results"]
    assert [post["is_ignored"] for post in shown] == [False, False]
    assert client.delete("/api/v1/ignored/troll").status_code == 204 and not Ignore.objects.exists()


def test_group_when_all_others_in_it_are_unknown_then_it_is_written_to(mara, troll) -> None:
    team = make_group("Installers")
    for person in (mara, troll):
        person.groups.add(team)
    talk = conversation_start(viewer=viewer(troll), subject="Team", body="Hi", to=[], groups=[team.pk])
    ignore(mara, troll)
    assert message_send(viewer=viewer(troll), conversation=talk, body="Still here").number == 2
