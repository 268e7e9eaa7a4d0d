"""A column that points at a person fails here on the day it is born, until somebody says what a copy holds of it."""

from __future__ import annotations

import pytest
from django.apps import apps

from accounts.models import User
from accounts.takeout import parts
from accounts.takeout.parts import Taker
from tests.erasing import world
from tests.takeout.opened import made, parts_in, path_of

# What the world's person does not do.
NO_ROWS = {
    "edits", "pages", "page-versions", "poll-votes", "ignored", "copies", "invitations", "requests", "memberships",
    "muted", "removed", "standing", "notifications", "sign-ins", "mails",
}  # fmt: skip


def test_columns_that_point_at_people_when_listed_then_each_is_in_a_part_or_has_a_reason_why_not() -> None:
    every = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is User
    }
    told = [column for part in parts.parts() for column in part.columns]
    left_out = parts.left_out()

    assert every - set(told) - left_out.keys() == set(), "say what a copy holds of it (accounts/takeout/parts.py)"
    assert (set(told) | left_out.keys()) - every == set(), "these columns are there no more"
    assert set(told) & left_out.keys() == set() and len(told) == len(set(told))
    assert all(left_out.values()) and all(len(part.name) <= 40 and str(part.label) for part in parts.parts())


@pytest.mark.django_db
def test_columns_of_parts_when_rows_point_at_the_person_then_the_part_reads_them() -> None:
    left = world.build()
    taker, lost, empty = Taker.of(left.person), [], set()
    for part in parts.parts():
        read = set(part.rows(taker).values_list("pk", flat=True))
        if not read:
            empty.add(part.name)
        for label, name in part.columns:
            model = apps.get_model(label)
            if model is part.rows(taker).model:
                theirs = set(model._base_manager.filter(**{name: left.person}).values_list("pk", flat=True))
                lost += [f"{part.name}: {label}.{name} {pk}" for pk in theirs - read]

    assert lost == [] and empty <= NO_ROWS, empty - NO_ROWS


@pytest.mark.django_db
def test_copy_when_made_then_each_part_with_rows_is_in_it_and_no_secret_is() -> None:
    left = world.build()
    copy = path_of(made(left.person))

    found = parts_in(copy)
    taker = Taker.of(left.person)
    expected = {part.name for part in parts.parts() if part.rows(taker).exists()} - {"sign-ins"}

    assert expected - found.keys() == set()
    text = str(found)
    left.person.refresh_from_db()
    secrets = [left.person.password, *left.person.access_tokens.values_list("digest", flat=True)]
    assert not [secret for secret in secrets if secret in text]
