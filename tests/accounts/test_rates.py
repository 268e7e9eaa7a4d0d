"""Calls of a token: counted, told with every answer, and refused beyond the limit; nobody else is counted."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts.api import rates
from accounts.services import token_create
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_a_minute(settings, monkeypatch) -> None:
    """A clock that stands still, so that no minute ends in the middle of a test."""
    settings.API_CALLS_PER_MINUTE = 3
    monkeypatch.setattr(rates, "time", type("Clock", (), {"time": staticmethod(lambda: 1_000_000_010.0)}))
    cache.clear()


def bearer(name: str) -> dict[str, str]:
    user = make_user(name)
    _row, token = token_create(viewer=viewer(user), user=user, scopes=["read", "write"])
    return {"Authorization": f"Bearer {token}"}


def test_calls_when_counted_then_every_answer_says_what_is_left(client) -> None:
    ada = bearer("ada")

    left = [client.get("/api/v1/spaces", headers=ada).headers["RateLimit-Remaining"] for _call in range(3)]

    assert left == ["2", "1", "0"]
    missing = client.get("/api/v1/topics/999", headers=bearer("bo"))
    assert (missing.status_code, missing.headers["RateLimit-Limit"]) == (404, "3")
    assert missing.headers["RateLimit-Remaining"] == "2", "each token for itself"


def test_call_too_many_when_made_then_is_refused_and_says_when_again(client) -> None:
    ada = bearer("ada")
    for _call in range(3):
        assert client.get("/api/v1/spaces", headers=ada).status_code == 200

    refused = client.post("/api/v1/topics", {"title": "x"}, content_type="application/json", headers=ada)

    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"] == "10"
    assert client.get("/api/v1/spaces", headers=bearer("bo")).status_code == 200, "each token for itself"


def test_browser_and_nobody_when_they_call_then_are_not_counted(client) -> None:
    client.force_login(make_user("ada"))

    answers = [client.get("/api/v1/spaces") for _call in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit-Limit" not in answers[0].headers
