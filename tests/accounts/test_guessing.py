"""Guessing passwords is stopped, whatever address the guesser claims to come from and whoever signs in between."""

from __future__ import annotations

import secrets

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
RIGHT = "correct horse"
GUESSES = 5  # allauth: of one name within five minutes
FORGED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP")


def somebody() -> User:
    """With an address of their own, for what is counted may outlive a test."""
    name = f"p{secrets.token_hex(6)}"
    return make_user(name, email=f"{name}@people.example")


def signs_in(email: str, password: str, *, address: str = "203.0.113.7", claims: int = 0) -> bool:
    """Whether the door opens; `claims` is another forged address in every header that a proxy might set."""
    client = Client(REMOTE_ADDR=address)
    claimed = f"198.51.100.{claims}"
    headers = {name: f"for={claimed}" if name == "Forwarded" else claimed for name in FORGED} if claims else {}
    client.post("/accounts/login/", {"login": email, "password": password}, headers=headers)
    return "_auth_user_id" in client.session


def guess(email: str, times: int = GUESSES) -> None:
    for number in range(times):
        assert not signs_in(email, f"guess {number}", claims=number + 1)


def test_password_when_each_guess_claims_another_address_then_guessing_ends_all_the_same() -> None:
    mara = somebody()
    guess(mara.email)

    assert not signs_in(mara.email, RIGHT, claims=99)


def test_passwords_of_many_when_one_address_guesses_then_it_is_stopped_and_others_are_not() -> None:
    mara, address = somebody(), "203.0.113.8"
    for number in range(10):
        assert not signs_in(somebody().email, "guess", address=address, claims=number + 1)

    assert not signs_in(mara.email, RIGHT, address=address, claims=99)
    assert signs_in(mara.email, RIGHT, address="203.0.113.9")


def test_guesses_when_the_guesser_signs_in_as_themselves_in_between_then_they_still_count() -> None:
    mara, jonas = somebody(), somebody()
    guess(mara.email)

    assert signs_in(jonas.email, RIGHT)
    assert not signs_in(mara.email, RIGHT)


def test_guesses_when_redis_is_away_then_they_are_counted_all_the_same(settings) -> None:
    nowhere = {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nowhere}
    mara = somebody()
    guess(mara.email)

    assert not signs_in(mara.email, RIGHT)
