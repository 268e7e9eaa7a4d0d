"""A stranger's text in every field of the world, and nothing of it becomes an element on any page."""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from tests.accounts.oracle import executable
from tests.leaks.browse import Visitor, body_of
from tests.leaks.conftest import built
from tests.leaks.table import PAGES
from tests.leaks.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MARK = "zqmark"
PAYLOAD = f"\"'><{MARK} onclick=x id={MARK}>"


@pytest.fixture(scope="module")
def hostile(django_db_setup, django_db_blocker):
    """The lean world, with an element of a stranger's behind each word: in titles, names, notes, bodies."""
    patch, plant = pytest.MonkeyPatch(), World.plant
    patch.setattr(World, "plant", lambda self, name, who: f"{plant(self, name, who)} {PAYLOAD}")
    with django_db_blocker.unblock(), transaction.atomic():
        yield built(seed=0)
        transaction.set_rollback(True)
    patch.undo()


@pytest.mark.parametrize("name", ["anonymous", "private", "admin"])
def test_pages_when_every_field_holds_markup_then_it_is_shown_and_never_run(hostile: World, name: str) -> None:
    visitor, problems, shown = Visitor(hostile, name), [], 0
    for paths in PAGES.values():
        for path in paths(hostile):
            answer = visitor.get(path)
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            page = body_of(answer).decode(errors="replace")
            nonce = re.search(r"'nonce-([^']+)'", answer.get("Content-Security-Policy", ""))
            problems += [f"{path}: {found}" for found in executable(page, MARK, nonce[1] if nonce else "")]
            shown += f"&lt;{MARK}" in page
    assert not problems, "\n".join(problems[:40])
    assert shown > 20  # the texts were met at all
