"""Loads the spaces, two of them private, and who was put into them by name."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group

from accounts.models import Organisation
from accounts.viewer import system_viewer
from community.spaces.models import Act, Space
from community.spaces.services import member_add, space_create
from community.spaces.settings import Who
from config.demo.files import table
from config.demo.world import World


def load_spaces(world: World) -> int:
    """All spaces in their order; one that stands already is left as it is."""
    rows = table("spaces")["space"]
    viewer = system_viewer()
    for position, row in enumerate(rows, start=1):
        if Space.objects.filter(slug=row["slug"]).exists():
            continue
        companies = Organisation.objects.filter(slug__in=row.get("organisations", ()))
        space = space_create(
            viewer=viewer, name=row["name"], slug=row["slug"], purpose=row["purpose"],
            audience=row.get("audience", "public"), colour=row["colour"], icon=row["icon"], kinds=row["kinds"],
            position=position * 10,
            groups=Group.objects.filter(name__in=row.get("groups", ())).values_list("pk", flat=True),
            organisations=companies.values_list("pk", flat=True), **_more(row),
        )  # fmt: skip
        for username in row.get("members", ()):
            member_add(viewer=viewer, space=space, user=world.people[username])
    world.forget()
    return len(rows)


def _more(row: dict[str, Any]) -> dict[str, Any]:
    """The settings beyond the usual, under their own names; `above` is the address of the space that it is part of."""
    plain = ("language", "template", "templates", "default_order", "tags_allowed", "tags_least", "joining")
    more = {name: row[name] for name in plain if name in row}
    more |= {act.value: Who(row[f"{act}_by"]) for act in Act if f"{act}_by" in row}
    return more | {"parent": Space.objects.filter(slug=row.get("above", "")).first()}
