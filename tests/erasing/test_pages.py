"""The member's way, the way back, and the page of those who erase for others."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.erasing import selectors, services
from accounts.erasing.models import Erasure, LegalHold
from accounts.models import User
from accounts.services import token_create
from accounts.viewer import system_viewer
from tests.factories.people import client_of, make_user, viewer

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"


def signed_in(user: User) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302 and answer["Location"] == "/"
    return client


def proven(user: User) -> Client:
    """Signed in, and the password typed once more just now."""
    client = signed_in(user)
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def test_member_when_asking_then_they_are_signed_out_and_shown_the_way_back() -> None:
    mara = make_user("mara")
    client = proven(mara)
    page = client.get("/settings/erase/").content.decode()
    assert "Keep them, without my name" in page and "7 days" in page

    answer = client.post("/settings/erase/", {"posts": "delete"}, follow=True)

    erasure = Erasure.objects.get(person_id=mara.pk)
    assert erasure.deletes_posts and "Your account is closed" in answer.content.decode()
    assert client.get("/settings/").status_code == 302
    link = re.search(r"https?://\S+(/erasure/\S+)", mail.outbox[-1].body)
    assert link
    assert Client().post(link[1]).status_code == 302
    mara.refresh_from_db()
    assert mara.is_active
    assert "Your account is open" in Client().get(link[1]).content.decode()
    signed_in(mara)


def test_member_when_signed_in_then_the_password_is_asked_once_more_first() -> None:
    client = signed_in(make_user())

    for answer in (client.get("/settings/erase/"), client.post("/settings/erase/", {"posts": "keep"})):
        assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert not Erasure.objects.exists()


def test_member_when_the_choice_is_missing_then_it_is_asked_for_and_nothing_happens() -> None:
    mara = make_user()
    client = proven(mara)

    for posts in ("", "both"):
        answer = client.post("/settings/erase/", {"posts": posts})
        assert answer.status_code == 400 and b"errorlist" in answer.content
    assert not Erasure.objects.exists()


def test_member_when_signing_in_again_then_the_way_back_opens_for_the_right_password_alone() -> None:
    mara = make_user("mara")
    erasure = services.erasure_ask(viewer=viewer(mara), user=mara)
    client = Client()

    wrong = client.post("/accounts/login/", {"login": mara.email, "password": "wrong"})
    right = client.post("/accounts/login/", {"login": mara.email, "password": PASSWORD})

    assert wrong.status_code == 200 and "closed" not in wrong.content.decode()
    assert right.status_code == 302 and right["Location"].startswith("/erasure/")
    assert "Keep my account" in client.get(right["Location"]).content.decode()
    Erasure.objects.filter(pk=erasure.pk).update(state=Erasure.State.ERASING)
    assert "is being erased" in client.get(right["Location"]).content.decode()
    assert client.post(right["Location"], follow=True).status_code == 200
    mara.refresh_from_db()
    assert not mara.is_active


def test_link_when_made_up_then_there_is_no_such_page() -> None:
    erasure = services.erasure_ask(viewer=system_viewer(), user=make_user())
    token = selectors.token_for(erasure)

    assert Client().get(f"/erasure/{token}/").status_code == 200
    for forged in (f"{token}x", str(erasure.pk), "x:y:z"):
        assert Client().get(f"/erasure/{forged}/").status_code == 404
        assert Client().post(f"/erasure/{forged}/").status_code == 404


def test_member_when_held_then_the_pages_and_the_mail_say_so_and_whom_to_ask() -> None:
    mara = make_user()
    services.hold_set(viewer=system_viewer(), user=mara, reason="Case 12 at court")
    client = proven(mara)

    pages = [client.get("/settings/erase/"), client.post("/settings/erase/", {"posts": "keep"}, follow=True)]

    for text in (*(page.content.decode() for page in pages), mail.outbox[-1].body):
        assert "law keeps us" in text and "community@northlight.example" in text
        assert "court" not in text


def test_api_when_the_password_is_right_then_the_account_is_closed_and_the_token_ends() -> None:
    mara = make_user()
    _row, token = token_create(viewer=viewer(mara), user=mara, scopes=["write", "private"])
    _row, weak = token_create(viewer=viewer(mara), user=mara, scopes=["write"])

    def post(key: str, **data: str):
        headers = {"Authorization": f"Bearer {key}"}
        return Client().post("/api/v1/me/erasure", data, content_type="application/json", headers=headers)

    assert post(token, posts="keep", password="wrong").json()["errors"].keys() == {"password"}
    assert post(token, posts="both", password=PASSWORD).status_code == 400
    assert post(weak, posts="keep", password=PASSWORD).status_code == 403
    assert not Erasure.objects.exists()

    answer = post(token, posts="keep", password=PASSWORD)

    assert answer.status_code == 202 and answer.json()["state"] == "asked"
    assert post(token, posts="keep", password=PASSWORD).status_code == 401


def test_staff_page_when_opened_then_only_managers_have_it() -> None:
    for user in (make_user(), make_user(is_agent=True), make_user(is_moderator=True)):
        assert client_of(user).get("/people/erasures/").status_code == 404
        assert client_of(user).post("/people/erasures/", {"act": "release", "person": "1"}).status_code == 404
    assert Client().get("/people/erasures/").status_code == 404


def test_staff_page_when_used_then_it_erases_holds_and_takes_back() -> None:
    mara, manager = make_user("mara"), make_user(is_manager=True)
    client = client_of(manager)

    def send(act: str, **data: str):
        return client.post("/people/erasures/", {"act": act, **data}, follow=True).content.decode()

    assert "nobody by that username" in send("erase", **{"erase-username": "nobody", "erase-posts": "keep"})
    assert "Fill this in" in send("hold", **{"hold-username": "mara", "hold-reason": ""})
    send("hold", **{"hold-username": "@Mara", "hold-reason": "Case 12"})
    waiting = send("erase", **{"erase-username": "mara", "erase-posts": "delete"})
    assert "Case 12" in waiting and ">Held<" in waiting
    erasure = Erasure.objects.get(person_id=mara.pk)
    assert (erasure.asked_by_id, erasure.deletes_posts) == (manager.pk, True)
    send("release", person=str(mara.pk))
    assert not LegalHold.objects.exists()
    send("take_back", person=str(mara.pk))
    mara.refresh_from_db()
    assert mara.is_active
    for person in ("", "x", "99999999999999999999", "0"):
        assert client.post("/people/erasures/", {"act": "take_back", "person": person}).status_code == 302


def test_staff_page_when_many_wait_then_it_takes_as_many_queries() -> None:
    manager = make_user(is_manager=True)

    def queries() -> int:
        client = client_of(manager)
        client.get("/people/erasures/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/people/erasures/").status_code == 200
        return len(seen)

    counts = []
    for _round in range(2):
        for _person in range(3):
            user = make_user()
            services.erasure_ask(viewer=system_viewer(), user=user)
            services.hold_set(viewer=system_viewer(), user=user, reason="A court")
        counts.append(queries())
    assert counts[0] == counts[1]


def test_grace_when_its_days_are_set_otherwise_then_they_hold(settings) -> None:
    settings.ERASE_AFTER_DAYS = 0
    mara = make_user()

    erasure = services.erasure_ask(viewer=viewer(mara), user=mara)

    assert erasure.due_at - erasure.asked_at == timedelta(0)
    services.erase_due(now=timezone.now(), seconds=None)
    assert not User.objects.filter(pk=mara.pk).exists()
