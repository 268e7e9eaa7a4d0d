"""A field of text that nobody thought of fails here, on the day it is born."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

from tests.leaks.fields import PLANTED, REASONS

TEXTUAL = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


def text_fields() -> set[tuple[str, str]]:
    """(model, field) of all that can hold somebody's words; choices cannot."""
    return {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.managed
        for field in model._meta.local_fields
        if isinstance(field, TEXTUAL) and not field.choices
    }


def test_fields_of_text_when_listed_then_each_is_planted_or_has_a_reason():
    listed = {(model, field) for model, fields in PLANTED.items() for field in fields}
    excused = {(model, field) for model, reasons in REASONS.items() for field in reasons}
    every = text_fields()
    open_fields = {
        (model, field) for model, field in every - listed - excused if (model, "*") not in excused
    }
    dead = {pair for pair in listed | excused if pair not in every and pair[1] != "*"}
    if connection.vendor != "sqlite":
        dead = {pair for pair in dead if "FTS" not in pair[0]}

    assert open_fields == set(), "plant a word (tests/leaks/planting.py) or give a reason (tests/leaks/fields.py)"
    assert dead == set(), "these fields are there no more"


@pytest.mark.django_db
def test_fields_that_are_called_planted_when_looked_at_then_each_holds_a_planted_word(world):
    bare = [
        f"{label}.{name}"
        for label, names in PLANTED.items()
        for name in names
        if not apps.get_model(label)._default_manager.filter(**{f"{name}__icontains": "zq"}).exists()
    ]

    assert bare == []
