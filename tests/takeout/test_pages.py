"""The page of one's own, the link that is of a session and an hour, the API, and the page of staff."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core import mail, signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.services import token_create
from accounts.takeout import selectors, services
from accounts.takeout.models import Takeout
from tests.factories.people import client_of, make_user, viewer
from tests.leaks.browse import body_of
from tests.takeout.opened import made

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"
PAGE = "/settings/data/"


def proven(user: User) -> Client:
    """Signed in, and the password typed once more just now."""
    client = Client()
    assert client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def link_on(client: Client) -> str:
    found = re.search(r'href="(/settings/data/[^"]+/)"', client.get(PAGE).content.decode())
    assert found
    return found[1]


def test_member_when_asking_then_the_copy_is_made_and_fetched_on_the_same_page() -> None:
    mara = make_user("mara")
    client = proven(mara)
    assert "Make a copy of my data" in client.get(PAGE).content.decode()

    answer = client.post(PAGE, follow=True)
    assert "Your copy is being made" in answer.content.decode()
    services.takeouts_make(seconds=None)
    assert "Your copy is ready" in client.get(PAGE).content.decode()
    file = client.get(link_on(client))

    assert file["Content-Type"] == "application/zip" and file["Content-Disposition"].startswith("attachment")
    assert file["Cache-Control"] == "no-store, private" and "mara-" in file["Content-Disposition"]
    assert ZipFile(io.BytesIO(body_of(file))).testzip() is None
    page = client.get(PAGE).content.decode()
    assert "You have downloaded it" in page
    assert Takeout.objects.get().expires_at <= timezone.now() + timedelta(hours=1)
    refused = client.post(PAGE)
    assert refused.status_code == 400 and refused.content.decode().count("once a day") == 1


def test_member_when_only_signed_in_then_the_password_is_asked_for_and_nothing_happens() -> None:
    client = client_of(make_user())

    for answer in (client.get(PAGE), client.post(PAGE)):
        assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert Client().get(PAGE).status_code == 302 and not Takeout.objects.exists()


def test_link_when_it_is_of_another_session_person_or_hour_then_nothing_is_handed_out(monkeypatch) -> None:
    mara = make_user("mara")
    takeout = made(mara)
    client, other = proven(mara), proven(mara)
    link = link_on(client)

    def is_handed_out(browser: Client, path: str) -> bool:
        answer = browser.get(path)
        assert answer.status_code in (200, 302), answer.status_code
        return answer.status_code == 200

    assert not is_handed_out(other, link)  # the same person elsewhere: a link that got about is worth nothing
    assert not is_handed_out(proven(make_user("jonas")), link) and not is_handed_out(Client(), link)
    assert not is_handed_out(client_of(make_user(is_superuser=True, is_staff=True)), link)
    assert not is_handed_out(client, f"{PAGE}{signing.dumps(takeout.pk, salt=selectors.SALT)}/")
    with monkeypatch.context() as later:
        later.setattr(selectors, "LINK_SECONDS", -1)
        assert not is_handed_out(client, link)
    assert is_handed_out(client, link)
    client.post("/accounts/logout/")
    assert not is_handed_out(client, link)


def test_page_when_the_copy_is_gone_or_failed_then_it_says_so_and_when_the_next_can_be_made() -> None:
    mara = make_user("mara")
    takeout, client = made(mara), proven(mara)
    link = link_on(client)
    services.takeouts_tidy(now=timezone.now() + timedelta(days=3))

    gone = client.get(link, follow=True).content.decode()
    assert "link is over" in gone and "is deleted" in gone and "the next one from" in gone
    assert "Make a copy" not in gone
    refused = client.post(PAGE).content.decode()  # from a page that stood open meanwhile
    assert refused.count("once a day") == 1 and "is deleted" in refused and "the next one from" not in refused
    Takeout.objects.filter(pk=takeout.pk).update(asked_at=timezone.now() - timedelta(days=2))
    assert "Make a copy" in client.get(PAGE).content.decode()
    Takeout.objects.filter(pk=takeout.pk).update(state=Takeout.State.FAILED, asked_at=timezone.now())
    failed = client.get(PAGE).content.decode()
    assert "could not be made" in failed and "Make a copy" in failed
    assert '<a class="link" href="mailto:community@northlight.example">community@northlight.example</a>' in failed


def test_person_when_shut_out_then_the_right_password_leads_to_a_copy_and_to_nothing_else() -> None:
    mara = make_user("mara")
    User.objects.filter(pk=mara.pk).update(is_active=False)
    client, stranger = Client(), Client()
    assert client.get("/account-closed/").status_code == 404
    assert client.post("/accounts/login/", {"login": mara.email, "password": "wrong"}).status_code == 200
    assert client.get("/account-closed/").status_code == 404

    answer = client.post("/accounts/login/", {"login": mara.email, "password": PASSWORD})
    assert answer.status_code == 302 and answer["Location"] == "/account-closed/"
    assert "Your copy is being made" in client.post("/account-closed/", follow=True).content.decode()
    services.takeouts_make(seconds=None)
    page = client.get("/account-closed/").content.decode()
    link = re.search(r'href="(/account-closed/[^"]+/)"', page)

    assert link and stranger.get(link[1]).status_code == 404 and stranger.post("/account-closed/").status_code == 404
    assert client.get(PAGE).status_code == 302 and client.get("/settings/").status_code == 302
    assert ZipFile(io.BytesIO(body_of(client.get(link[1])))).testzip() is None
    assert Takeout.objects.get().asked_by == mara
    User.objects.filter(pk=mara.pk).update(is_active=True)
    assert client.get(link[1]).status_code == 404


def test_api_when_the_password_is_right_then_the_copy_is_made_told_and_handed_out() -> None:
    mara = make_user("mara")
    _row, key = token_create(viewer=viewer(mara), user=mara, scopes=["read", "write", "private"])
    _row, weak = token_create(viewer=viewer(mara), user=mara, scopes=["read", "write"])

    def ask(path: str = "", *, token: str = key, **data: str):
        headers = {"Authorization": f"Bearer {token}"}
        if not data:
            return Client().get(f"/api/v1/me/export{path}", headers=headers)
        return Client().post(f"/api/v1/me/export{path}", data, content_type="application/json", headers=headers)

    assert ask().status_code == 404
    assert ask(password="wrong").json()["errors"].keys() == {"password"}
    assert ask(token=weak, password=PASSWORD).status_code == 403 and not Takeout.objects.exists()
    asked = ask(password=PASSWORD)
    assert asked.status_code == 202 and asked.json()["state"] == "making"
    assert ask("/file", password=PASSWORD).status_code == 404
    services.takeouts_make(seconds=None)

    assert ask().json()["state"] == "ready" and ask().json()["url"].endswith(PAGE)
    assert ask(token=weak).status_code == 404
    assert ask("/file", password="wrong").status_code == 400
    assert ask("/file", token=weak, password=PASSWORD).status_code == 403
    file = ask("/file", password=PASSWORD)
    assert file.status_code == 200 and ZipFile(io.BytesIO(body_of(file))).testzip() is None
    assert ask(password=PASSWORD).json()["errors"].keys() == {"person"}


def test_staff_page_when_used_then_managers_ask_for_others_and_never_get_a_link() -> None:
    mara, manager = make_user("mara"), make_user("boss", is_manager=True)
    for user in (make_user(), make_user(is_agent=True), make_user(is_moderator=True)):
        assert client_of(user).get("/people/copies/").status_code == 404
        assert client_of(user).post("/people/copies/", {"username": "mara"}).status_code == 404
    assert Client().get("/people/copies/").status_code == 404
    client = client_of(manager)

    def send(name: str) -> str:
        return client.post("/people/copies/", {"username": name}, follow=True).content.decode()

    assert "nobody by that username" in send("nobody") and "Fill this in" in send("")
    assert "is being made" in send("@Mara")
    services.takeouts_make(seconds=None)
    assert mail.outbox[-1].to == [mara.email]
    page = client.get("/people/copies/").content.decode()
    assert "Ready" in page and "by Boss" in page and "/settings/data/" not in page
    assert "once a day" in send("mara")


def test_staff_page_when_many_wait_then_it_takes_as_many_queries() -> None:
    client, counts = client_of(make_user(is_manager=True)), []
    for _round in range(2):
        for _person in range(3):
            user = make_user()
            services.takeout_ask(viewer=viewer(user), user=user)
        client.get("/people/copies/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/people/copies/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
