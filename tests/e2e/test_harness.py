"""The site stands and the first page is sound."""

from __future__ import annotations

import pytest

from tests.e2e.people import axe, shoot

pytestmark = pytest.mark.e2e


def test_home_when_opened_then_it_is_sound_in_both_themes(crowd):
    visitor = crowd.visitor()
    page = visitor.open("/")

    shoot(page, "home")

    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
