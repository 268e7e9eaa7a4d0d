"""What a person changes for themselves: profile, tokens, look."""

from __future__ import annotations

import re

import pytest

from accounts.events.models import Event
from accounts.models import ApiToken
from tests.factories.people import make_user, prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(client):
    user = make_user("mara")
    client.force_login(user)
    return user


def test_profile_when_saved_then_others_read_it_safely(client, mara):
    fields = {
        "display_name": " Mara  Keller ",
        "headline": "<b>Graz</b>",
        "about": "**Forty** hubs <script>alert(1)</script>",
    }
    assert client.post("/settings/", fields).status_code == 302

    mara.refresh_from_db()
    assert mara.display_name == "Mara Keller"
    page = client.get("/u/mara/").content.decode()
    assert "<strong>Forty</strong>" in page
    assert "<script>alert" not in page and "<b>Graz" not in page
    assert Event.objects.get(name="user.updated").data == {"fields": ["about", "display_name", "headline"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""), ("display_name", "x" * 81), ("display_name", "a\u202eb"), ("headline", "x" * 121),
        ("about", "x" * 2001), ("about", "a\x07b"), ("about", "x" * 200_000),
    ],
)  # fmt: skip
def test_profile_when_a_field_is_wrong_then_it_is_named_and_nothing_is_kept(client, mara, field, value):
    answer = client.post("/settings/", {"display_name": "Mara", "headline": "", "about": ""} | {field: value})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    mara.refresh_from_db()
    assert (mara.display_name, mara.headline, mara.about) == ("Mara", "", "")


def test_profile_when_nothing_changed_then_nothing_is_recorded(client, mara):
    client.post("/settings/", {"display_name": mara.display_name, "headline": "", "about": ""})
    assert not Event.objects.filter(name="user.updated").exists()


@pytest.mark.parametrize("path", ["/settings/", "/settings/tokens/"])
def test_settings_when_signed_out_then_the_sign_in_page_comes_first(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={path}"


def test_token_when_made_then_it_is_shown_once_and_only_its_digest_is_kept(client, mara):
    prove(client)
    answer = client.post("/settings/tokens/", {"name": "status page", "scopes": ["read", "write"]})
    token = re.search(r"tw_[\w-]{43}", answer.content.decode())[0]
    row = ApiToken.objects.get(user=mara)

    assert row.scopes == ["read", "write"]
    assert token not in row.digest and row.prefix == token[:10]
    assert token not in client.get("/settings/tokens/").content.decode()
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).json()["username"] == "mara"


def test_token_when_revoked_then_it_opens_nothing(client, mara):
    prove(client)
    token = re.search(r"tw_[\w-]{43}", client.post("/settings/tokens/", {"scopes": ["read"]}).content.decode())[0]
    client.post(f"/settings/tokens/{ApiToken.objects.get().pk}/revoke/")
    client.logout()

    answer = client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_token_when_of_another_then_it_cannot_be_revoked(client, mara):
    row = ApiToken.objects.create(user=make_user("jonas"), prefix="tw_other", digest="0" * 64, scopes=["read"])
    assert client.post(f"/settings/tokens/{row.pk}/revoke/").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_token_when_no_scope_is_chosen_then_the_field_is_named(client, mara):
    prove(client)
    answer = client.post("/settings/tokens/", {"name": "x"})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["scopes"]


def test_look_when_chosen_then_a_cookie_keeps_it_and_pages_wear_it(client):
    answer = client.post("/settings/look/", {"theme": "dark", "next": "/people/"})
    assert answer["Location"] == "/people/"
    assert 'data-theme="dark"' in client.get("/people/").content.decode()
    client.post("/settings/look/", {"theme": ""})
    assert "data-theme=" not in client.get("/people/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_look_when_next_is_elsewhere_then_it_stays_here(client, target):
    assert client.post("/settings/look/", {"theme": "dark", "next": target})["Location"] == "/"


def test_look_when_the_cookie_is_forged_then_it_is_ignored(client):
    client.cookies["theme"] = '"><script>'
    page = client.get("/people/").content.decode()
    assert "data-theme" not in page.partition("<head>")[0]
