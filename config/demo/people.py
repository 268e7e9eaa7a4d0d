"""Loads organisations and people; the six of the contract can sign in, and only where DEBUG is on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group

from accounts.models import Organisation
from accounts.services import group_add_member, organisation_create, user_create
from accounts.viewer import system_viewer
from config.demo.ages import moment
from config.demo.files import table
from config.demo.world import KEY, World

PASSWORD = "demo"  # noqa: S105 (the contract's)


def load_people(world: World) -> int:
    """Organisations, groups and everyone who writes here."""
    data = table("people")
    viewer = system_viewer()
    organisations = {row["slug"]: _organisation(row) for row in data["organisation"]}
    for row in data["person"]:
        user = user_create(
            viewer=viewer, username=row["username"], display_name=row["name"], headline=row.get("headline", ""),
            about=row.get("about", ""), organisation=organisations.get(row.get("organisation", "")),
            trust_level=row["trust"], imported_from=f"{KEY}{row['username']}", at=moment(row["joined"], now=world.now),
            **_sign_in(row),
        )
        for name in row.get("groups", ()):
            group_add_member(viewer=viewer, group=Group.objects.get_or_create(name=name)[0], user=user)
    world.forget()
    return len(data["person"])


def _organisation(row: dict) -> Organisation:
    known = Organisation.objects.filter(slug=row["slug"]).first()
    return known or organisation_create(viewer=system_viewer(), **row)


def _sign_in(row: dict) -> dict:
    """Roles, and for the six an e-mail and a password. Without DEBUG nobody can sign in and nobody is admin."""
    roles = [role for role in row.get("roles", ()) if settings.DEBUG or role != "admin"]
    if not settings.DEBUG or "account" not in row:
        return {"roles": roles}
    return {"roles": roles, "email": f"{row['account']}@demo.example", "password": PASSWORD}
