"""Signed-in sessions without passwords: the bench shares the site's key and database."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from accounts.models import User

BACKEND = "accounts.backends.PersonBackend"
TOKEN = "b" * 32


@dataclass(frozen=True)
class Visitor:
    """Somebody with cookies; the anonymous have none."""

    cookies: str = ""
    session: str = ""
    username: str = ""


def sign_in(count: int) -> list[Visitor]:
    """The sessions of the first people who hold no staff role."""
    found = []
    for user in User.objects.filter(is_agent=False, is_moderator=False).order_by("pk")[:count]:
        key = client_of(user).cookies["sessionid"].value
        found.append(Visitor(f"sessionid={key}; csrftoken={TOKEN}", key, user.username))
    return found


def client_of(user: User | None) -> Client:
    """Django's own test client, signed in as that person."""
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client
