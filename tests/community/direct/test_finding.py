"""Searching one's own messages, files in them, and open conversations that go on by themselves."""

from __future__ import annotations

import pytest
from channels.db import database_sync_to_async
from django.test import Client

from accounts.services import token_create
from accounts.uploads.markup import markdown_for
from accounts.uploads.models import Upload
from community.direct import selectors
from community.direct.attached import MessagePlace
from community.direct.finding import messages_found, messages_with
from community.direct.models import Conversation, Message
from community.direct.policies import message_audience
from community.direct.services import conversation_leave, conversation_start, message_send, message_set_status
from community.moderation.services import flag_create
from community.notifications.live import groups
from community.notifications.live.hub import hub
from tests.community.forums.test_live import Page
from tests.factories.people import client_of, make_group, make_user, viewer
from tests.factories.uploads import make_upload, text_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(db):
    return make_user("mara", trust_level=1)


@pytest.fixture
def jonas(db):
    return make_user("jonas", trust_level=1)


def start(by, *to, subject: str = "Keys for the hub", body: str = "Under the mat.", **fields) -> Conversation:
    return conversation_start(
        viewer=viewer(by), subject=subject, body=body, to=[who.username for who in to], **fields
    )  # fmt: skip


def found(who, text: str) -> list[int]:
    return [message.number for message in messages_with(viewer(who), text)]


def test_search_when_words_stand_in_text_or_subject_then_all_of_them_and_only_what_one_reads(mara, jonas) -> None:
    talk = start(mara, jonas, body="The **spare** key is under the mat.")
    message_send(viewer=viewer(jonas), conversation=talk, body="Not under the flower pot?")
    start(mara, make_user(trust_level=1), subject="Other things", body="A spare lamp.")

    assert found(jonas, "spare") == [1] and found(jonas, "UNDER keys") == [2, 1]
    assert found(mara, "spare") == [1, 1] and found(mara, "spare flower") == [] == found(mara, "  ")
    for who in (None, make_user(), make_user(is_superuser=True, is_staff=True), make_user(is_moderator=True)):
        assert found(who, "spare") == []
    assert found(jonas, "100%") == [] and found(jonas, "_") == []
    hit = messages_found(viewer(jonas), "spare")[0]
    assert "<mark>spare</mark>" in hit.words and "**" not in hit.words
    assert hit.url == f"/messages/{talk.pk}/?message=1#message-1"
    conversation_leave(viewer=viewer(jonas), conversation=talk)
    assert found(jonas, "spare") == []


def test_search_when_a_message_was_flagged_or_removed_then_moderators_do_not_find_it(mara, jonas) -> None:
    start(mara, jonas, body="An ugly word.")
    message, judge = Message.objects.get(), make_user(is_moderator=True)
    flag_create(viewer=viewer(jonas), target=("message", message.pk), reason="rude")
    assert Message.objects.visible_to(viewer(judge)).count() == 1 and found(judge, "ugly") == []
    message_set_status(actor_id=judge.pk, message=message, status="removed")
    assert found(jonas, "ugly") == found(mara, "ugly") == []


def test_search_page_when_asked_then_shows_hits_and_an_api_token_needs_private(
    mara, jonas, django_assert_max_num_queries
) -> None:
    talk = start(mara, jonas, body="<b>spare</b> & co")
    client = client_of(jonas)
    with django_assert_max_num_queries(12):
        page = client.get("/messages/?q=spare").content.decode()
    assert f"/messages/{talk.pk}/?message=1#message-1" in page and "<mark>spare</mark>" in page
    assert "No message says that" in client.get("/messages/?q=nothing+like+it").content.decode()
    assert client.get("/messages/?q=%00").status_code == 200
    assert [row["number"] for row in client.get("/api/v1/messages?q=spare").json()["results"]] == [1]
    assert Client().get("/api/v1/messages?q=spare").status_code == 401
    _row, token = token_create(viewer=viewer(jonas), user=jonas, name="script", scopes=["read", "write"])
    bearer = {"headers": {"Authorization": f"Bearer {token}"}}
    assert Client().get("/api/v1/messages?q=spare", **bearer).json() == {"results": []}


def test_conversation_when_an_early_message_is_asked_for_then_the_page_holds_it(mara, jonas, monkeypatch) -> None:
    monkeypatch.setattr(selectors, "MOST_MESSAGES", 4)
    talk = start(mara, jonas, body="Number 1.")
    for number in range(2, 10):
        message_send(viewer=viewer(mara), conversation=talk, body=f"Number {number}.")

    latest = client_of(jonas).get(talk.get_absolute_url()).content.decode()
    early = client_of(jonas).get(f"/messages/{talk.pk}/?message=2").content.decode()

    assert "Number 9." in latest and "Number 2." not in latest and "Go to the latest" not in latest
    assert "Number 2." in early and "Number 9." not in early and "Go to the latest" in early
    for odd in ("x", "-1", "0", "99999999999999"):
        assert "Number 9." in client_of(jonas).get(f"/messages/{talk.pk}/?message={odd}").content.decode()


def test_file_when_it_stands_in_a_message_then_those_read_it_who_read_the_message(mara, jonas) -> None:
    team, agent = make_group(), make_user(is_agent=True)
    member, judge = make_user(groups=(team,)), make_user(is_moderator=True)
    mara.groups.add(team)
    upload = make_upload(owner=mara, file=text_file())
    talk = start(mara, jonas, body=f"Look: {markdown_for(upload)}", groups=[team.pk])
    message = Message.objects.get(conversation=talk)
    path = upload.get_absolute_url()

    def reads(*people) -> list[bool]:
        return [client_of(who).get(path).status_code == 200 for who in people]

    assert reads(mara, jonas, member, agent, judge) == [True, True, True, False, False]
    assert Client().get(path).status_code == 404
    flag_create(viewer=viewer(jonas), target=("message", message.pk), reason="rude")
    assert reads(judge, agent) == [True, False]
    for status in ("removed", "published"):
        message_set_status(actor_id=judge.pk, message=message, status=status)
        message.refresh_from_db()
        assert MessagePlace().audiences([message.pk]) == {message.pk: message_audience(message)}
        assert reads(jonas, judge) == [status == "published", True]
    conversation_leave(viewer=viewer(jonas), conversation=talk)
    assert reads(jonas) == [False]


def test_files_when_sent_with_the_forms_then_they_stand_in_the_messages(mara, jonas, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = client_of(mara)
    client.post("/messages/new/", {"to": "jonas", "subject": "Log", "body": "Here.", "files": text_file("one.log")})
    talk = Conversation.objects.get()
    client.post(talk.get_absolute_url(), {"body": "And this.", "files": text_file("two.log", "other")})

    assert [upload.name for upload in Upload.objects.order_by("pk")] == ["one.log", "two.log"]
    page = client_of(jonas).get(talk.get_absolute_url()).content.decode()
    assert "one.log" in page and "two.log" in page
    assert 'data-files="/api/v1/files"' in page and 'enctype="multipart/form-data"' in page


def test_open_page_when_it_asks_for_more_then_gets_what_is_new_and_it_is_read(mara, jonas) -> None:
    talk = start(mara, jonas)
    message_send(viewer=viewer(mara), conversation=talk, body="One more.")
    client = client_of(jonas)

    more = client.get(f"/messages/{talk.pk}/after/?after=1").content.decode()

    assert "One more." in more and "Under the mat." not in more and "<html" not in more
    assert selectors.unread_count(viewer(jonas)) == 0
    assert client.get(f"/messages/{talk.pk}/after/?after=x").status_code == 400
    for who in (make_user(), make_user(is_superuser=True, is_staff=True)):
        assert client_of(who).get(f"/messages/{talk.pk}/after/?after=0").status_code == 404
        assert not groups.may_watch(viewer(who), f"conversation.{talk.pk}")
    assert groups.may_watch(viewer(jonas), f"conversation.{talk.pk}")
    assert groups.newest_in(f"conversation.{talk.pk}") == 2


@pytest.mark.django_db(transaction=True)
async def test_open_page_when_somebody_writes_then_hears_the_number_and_no_words(settings):
    jonas = await database_sync_to_async(make_user)(trust_level=1)
    talk = await database_sync_to_async(lambda: start(make_user(trust_level=1), jonas))()
    page = Page()
    hub.join(page, f"conversation.{talk.pk}")
    try:
        if settings.REDIS_URL:
            await page.next("resync")  # the hub listens to Redis from now on
        await database_sync_to_async(lambda: message_send(viewer=viewer(jonas), conversation=talk, body="Yes."))()
        hint = await page.next("message")
    finally:
        hub.forget(page)

    assert hint == {"type": "message", "conversation": talk.pk, "number": 2}
