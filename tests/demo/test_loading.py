"""Loading as it happens: without DEBUG, and taken up again after an interruption."""

from __future__ import annotations

from itertools import islice

import pytest
from django.contrib.auth import authenticate

from accounts.models import User
from community.spaces.models import Space
from config.demo.load import PARTS, load, parts_done

pytestmark = pytest.mark.django_db


def test_people_where_debug_is_off_cannot_sign_in(settings):
    settings.DEBUG = False

    list(islice(load(), 1))

    assert User.objects.filter(imported_from__startswith="demo:").count() >= 30
    assert not User.objects.exclude(email=None).exists()
    assert not User.objects.filter(is_superuser=True).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert authenticate(email="admin@demo.example", password="demo") is None


def test_loading_when_interrupted_goes_on_where_it_stopped(settings):
    settings.DEBUG = False
    list(islice(load(), 1))
    assert parts_done() == {PARTS[0].name}
    people = User.objects.count()

    part, count = next(iter(load()))

    assert part.name == "spaces"
    assert count == Space.objects.count() == 9
    assert User.objects.count() == people
