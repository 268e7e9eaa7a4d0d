"""People, organisations and viewers."""

from __future__ import annotations

from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Organisation, User
from accounts.viewer import Viewer, viewer_for

_numbers = count(1)


def make_user(
    username: str = "", *, password: str = "correct horse", groups: tuple[Group, ...] = (), **fields: Any
) -> User:
    """A person with a verified address; `is_moderator=True` and the like set roles."""
    username = username or f"person{next(_numbers)}"
    email = fields.pop("email", f"{username}@people.example")
    fields.setdefault("display_name", username.capitalize())
    user = User.objects.create_user(username=username, email=email, password=password, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    user.groups.set(groups)
    return user


def prove(client: Client, *, password: str = "correct horse") -> Client:
    """Say again who it is: the password, as the pages ask for it before what is grave."""
    answer = client.post("/accounts/reauthenticate/", {"password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client


def make_organisation(name: str = "") -> Organisation:
    number = next(_numbers)
    return Organisation.objects.create(name=name or f"Company {number}", slug=f"company-{number}")


def make_group(name: str = "") -> Group:
    return Group.objects.create(name=name or f"Group {next(_numbers)}")


def viewer(user: User | None) -> Viewer:
    """The viewer as it is now: read the row again, so that roles and memberships given since count."""
    return viewer_for(User.objects.get(pk=user.pk) if user else None)


def client_of(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user, backend="accounts.backends.PersonBackend")
    return client
