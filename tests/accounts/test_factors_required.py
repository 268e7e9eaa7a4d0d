"""Where a second factor is asked of people, nothing opens before they have one: pages, editors, the API, the socket."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client

from accounts.services import token_create
from community.notifications.live import access
from community.notifications.live.access import Visit
from tests.community.notifications.servers import Page, web_thread
from tests.factories.factors import make_app
from tests.factories.people import client_of, make_user, viewer

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/2fa/"
DOORS = ["/", "/settings/", "/settings/tokens/", "/admin/", "/cms/", "/notifications/", "/search/?q=x", "/moderation/"]
MENU = 'href="/moderation/"'
PIECE = {"Sec-Fetch-Mode": "cors"}


def led_to(client: Client, path: str) -> str:
    answer = client.get(path)
    return answer["Location"] if answer.status_code == 302 else str(answer.status_code)


def test_staff_when_asked_then_every_door_leads_to_the_set_up_and_opens_after_it(settings) -> None:
    settings.SECOND_FACTOR = "staff"
    admin = make_user("adm", is_superuser=True, is_staff=True)
    client = client_of(admin)
    assert {path: led_to(client, path) for path in DOORS} == dict.fromkeys(DOORS, SET_UP)
    assert client.post("/settings/", {"display_name": "Else"})["Location"] == SET_UP
    assert client.get("/notifications/badge/", headers=PIECE).status_code == 403
    assert client.get("/notifications/badge/", headers={"HX-Request": "true"})["HX-Redirect"] == SET_UP
    told = client.get("/api/v1/me")
    assert told.status_code == 403 and "second factor" in told.json()["detail"]
    page, lost = client.get(SET_UP).content.decode(), client.get("/nothing/here/").content.decode()
    assert "asks you for a second factor" in page and "/accounts/logout/" in page
    assert MENU not in page and MENU not in lost
    _row, token = token_create(viewer=viewer(admin), user=admin, scopes=["read"])
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/me").status_code == 200
    assert client.get("/api/v1/me", headers={"Authorization": "Basic x"}).status_code == 403

    make_app(admin)
    assert MENU in client.get(SET_UP).content.decode()
    assert [path for path in DOORS if led_to(client, path) != "200" and path != "/cms/"] == []
    assert client.get("/api/v1/me").status_code == 200
    Authenticator.objects.all().delete()
    assert client.post("/accounts/logout/").status_code == 302 and led_to(client, "/") == "200"


def test_others_when_staff_are_asked_then_all_but_the_screens_of_staff_stays_open_to_them(settings) -> None:
    settings.SECOND_FACTOR = "staff"
    client = client_of(make_user())
    assert [led_to(client, path) for path in ("/", "/settings/", "/cms/", "/admin/")] == ["200", "200", SET_UP, SET_UP]
    editor = make_user(groups=(Group.objects.create(name="Editors of one section"),))
    assert led_to(client_of(editor), "/cms/") == SET_UP

    settings.SECOND_FACTOR = "all"
    assert led_to(client, "/settings/") == SET_UP and led_to(Client(), "/") == "200"
    settings.SECOND_FACTOR = "none"
    assert led_to(client, "/settings/") == "200" and led_to(client_of(make_user(is_superuser=True)), "/") == "200"


@pytest.mark.django_db(transaction=True)
def test_socket_when_a_factor_is_asked_for_then_it_hears_as_nobody_until_there_is_one(settings) -> None:
    settings.REDIS_URL, settings.SECOND_FACTOR = "", "staff"
    agent, member = make_user(is_agent=True), make_user()
    with web_thread() as port:
        for user, known in ((agent, 0), (member, member.pk)):
            with Page(port, user) as page:
                assert page.hear()["user"] == known
        make_app(agent)
        with Page(port, agent) as page:
            assert page.hear()["user"] == agent.pk
    client = client_of(agent)
    visit = Visit(agent.pk, client.session.session_key or "", client.session["_auth_user_hash"])
    assert access.ended([visit]) == set()
    Authenticator.objects.all().delete()
    assert access.ended([visit]) == {visit}
