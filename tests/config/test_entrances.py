"""Every address: no write without the form's token, no odd parameter breaks a page, no `next` leads away."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from wagtail.models import Collection

from tests.config.test_headers import address, patterns
from tests.factories.ideas import make_idea
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
# Posted to without a token, and why: each changes nothing that another site could want changed.
OPEN = {
    "/search/click/x/x/1/1/": "a browser's ping, signed by the token in its address",
    "/settings/look/": "a cookie of the browser's own, light or dark",
}
ODD = {
    "page": "9" * 30, "older": "x" * 50, "after": "9" * 30, "before": "-1", "tab": "\U0001f4a3", "period": "-0",
    "order": "x", "sort": "score; drop", "kind": "x" * 500, "state": "'", "space": "../..", "tag": "%00",
    "q": "\ud7ff" * 3, "view": "[]", "post": "9" * 30, "version": "9" * 30, "since": "9" * 30, "user": "-1",
    "topic": "9" * 30, "organisation": "x",
}  # fmt: skip
AWAY = [
    "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example/", "https:evil.example",
    "javascript:alert(1)", "\thttps://evil.example/", "http://testserver@evil.example/", "https://testserver.evil.example/",
    "///evil.example/", "data:text/html,x",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _flushed() -> None:
    """Wagtail's migration makes a root collection, which a flush takes away: no page may need it."""
    Collection.objects.all().delete()


def everywhere() -> list[str]:
    return sorted({address(pattern) for pattern in patterns()})


def admin(**options: bool) -> Client:
    """Somebody for whom every page exists."""
    client = Client(raise_request_exception=False, **options)
    client.force_login(make_user(is_superuser=True, is_staff=True, is_manager=True, is_agent=True, is_moderator=True))
    return client


@pytest.mark.once
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_write_when_it_has_no_token_of_ours_then_is_refused_at_every_address(method):
    client = admin(enforce_csrf_checks=True)
    taken = []
    for path in everywhere():
        answer = getattr(client, method)(path, data="{}", content_type="application/json")
        if answer.status_code not in {403, 404, 405, 415} and path not in OPEN:
            taken.append(f"{answer.status_code} {path}")
    assert taken == []


def test_write_when_it_comes_from_another_site_then_is_refused_though_it_has_the_token():
    client, token = admin(enforce_csrf_checks=True), "a" * 32
    client.cookies["csrftoken"] = token
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        for path in ("/accounts/login/", "/settings/", "/spaces/"):
            sent = client.post(path, {"csrfmiddlewaretoken": token}, headers={"origin": origin})
            assert sent.status_code == 403, f"{path} from {origin}"


@pytest.mark.sqlite_first
def test_page_when_its_parameters_are_odd_then_it_answers_without_a_fault():
    people, wrong = {"admin": admin(), "nobody": Client(raise_request_exception=False)}, []
    for path in everywhere():
        for name, client in people.items():
            answer = client.get(f"{path}?{urlencode(ODD, errors='replace')}")
            if answer.status_code >= 500:
                wrong.append(f"{answer.status_code} {path} for {name}")
    assert wrong == []


@pytest.mark.parametrize("place", AWAY)
def test_next_when_it_leads_away_then_nobody_goes_there(place):
    person = make_user()
    person.set_password("a long passphrase")
    person.save()
    client, signed_in, idea = Client(), Client(), make_idea()
    signed_in.force_login(person)

    answers = [
        client.post("/accounts/login/", {"login": person.email, "password": "a long passphrase", "next": place}),
        client.get(f"/accounts/login/?{urlencode({'next': place})}"),
        signed_in.get(f"/accounts/login/?{urlencode({'next': place})}"),
        signed_in.post("/settings/look/", {"theme": "dark", "next": place}),
        signed_in.post(f"/ideas/{idea.pk}/vote/", {"next": place}),
        signed_in.post("/accounts/logout/", {"next": place}),
    ]

    for answer in answers:
        target = urlsplit(answer.get("Location", ""))
        assert target.netloc in {"", "testserver"} and target.scheme in {"", "http"}, answer["Location"]
        assert "\\" not in answer.get("Location", "")
