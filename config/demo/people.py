"""Loads organisations, people and, only where DEBUG is on, the six demo sign-ins."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group

from accounts.models import Organisation, User
from config.demo.ages import moment
from config.demo.files import table
from config.demo.world import KEY, World

PASSWORD = "demo"  # noqa: S105 (the contract's, and only where DEBUG is on)
ROLES = {"moderator": "is_moderator", "agent": "is_agent", "manager": "is_manager", "admin": "is_superuser"}


def load_people(world: World) -> int:
    """Organisations, groups and everyone; nobody can sign in yet."""
    data = table("people")
    organisations = {
        row["slug"]: Organisation.objects.get_or_create(slug=row["slug"], defaults=row)[0] for row in data["organisation"]
    }
    for row in data["person"]:
        user = _person(row, organisations.get(row.get("organisation", "")), world)
        user.groups.set([Group.objects.get_or_create(name=name)[0] for name in row.get("groups", ())])
    world.forget()
    return len(data["person"])


def _person(row: dict, organisation: Organisation | None, world: World) -> User:
    user = User(
        username=row["username"], email=None, display_name=row["name"], headline=row.get("headline", ""),
        about=row.get("about", ""), organisation=organisation, trust_level=row["trust"],
        date_joined=moment(row["joined"], now=world.now), imported_from=f"{KEY}{row['username']}",
    )
    for role in row.get("roles", ()):
        setattr(user, ROLES[role], True)
    user.set_unusable_password()
    user.save()
    return user


def load_accounts(world: World) -> int:
    """Give the six people of the contract their e-mail and password. Does nothing where DEBUG is off."""
    if not settings.DEBUG:
        return 0
    from allauth.account.models import EmailAddress

    rows = [row for row in table("people")["person"] if "account" in row]
    for row in rows:
        user = world.people[row["username"]]
        user.email = f"{row['account']}@demo.example"
        user.is_staff = user.is_superuser
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    world.forget()
    return len(rows)
