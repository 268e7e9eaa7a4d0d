"""/cms/ as its editors see it: every address of Wagtail's, about pages that are theirs and pages that are not."""

from __future__ import annotations

import re

import pytest

from tests.leaks.browse import Visitor
from tests.leaks.test_walk import addresses
from tests.leaks.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_first]
PAGE = re.compile(r"<int:(?:page_id|parent_page_id|page_to_move_id|destination_id|pk|page_pk)>|\(\?P<pk>\\d\+\)")
FILLED = [
    (re.compile(r"<slug:content_type_app_name>|<slug:app_label>|<str:app_label>|<slug:app_name>"), "knowledge"),
    (re.compile(r"<slug:content_type_model_name>|<slug:model_name>|<str:model_name>"), "articlepage"),
    (re.compile(r"\(\?P<revision_id_[ab]>([a-z]+)\|[^)]*\)"), r"\1"),
    (re.compile(r"<str:action(?:_name)?>|<slug:action_name>"), "delete"),
    (re.compile(r"<int:\w+>"), "1"),
    (re.compile(r"<\w+:\w+>"), "x"),
]
LEFT_OUT = re.compile(r"logout|dismissibles|sprite|jsi18n|\(\?:|\.\*")


def paths(world: World, pages: list) -> list[str]:
    """Wagtail's addresses filled in: those about a page once for each of these."""
    found = []
    for pattern, _name in addresses():
        if not pattern.startswith("cms/") or LEFT_OUT.search(pattern):
            continue
        for page in pages if PAGE.search(pattern) else pages[:1]:
            revision = str(page.latest_revision_id or 1)
            path = PAGE.sub(str(page.pk), pattern.replace("<int:revision_id>", revision))
            for place, value in FILLED:
                path = place.sub(value, path)
            found.append("/" + path.replace("^", "").replace("$", "").replace("\\", ""))
    lists = ["pages/search/?q=lanterns", "choose-page/search/?q=lanterns", "choose-page/?q=lanterns"]
    found += [f"/cms/{part}" for part in lists]
    return list(dict.fromkeys(found))


def leaks(world: World, name: str, keys: tuple[str, ...]) -> tuple[list[str], set[str]]:
    things = {**world.sections, **world.articles, **world.pages}
    pages = [things[key] for key in keys]
    visitor, wrong, met = Visitor(world, name), [], set()
    for path in paths(world, pages):
        status, text = visitor.reads(path)
        found = world.words_in(text)
        met |= found
        wrong += [f"{name} at {path}: {word}" for word in sorted(found) if name not in world.secrets[word]]
        if status >= 500:
            wrong.append(f"{status} {path}")
    return wrong, met


def test_editor_when_every_address_is_opened_about_hidden_pages_then_meets_no_word_of_them(world):
    wrong, met = leaks(world, "agent", ("groups draft", "groups kb"))

    assert not wrong, "\n".join(wrong)
    assert "zqpublicdrafttitle" in met  # so that it is known that drafts are shown there at all


@pytest.mark.long
@pytest.mark.parametrize("name", ["agent", "moderator", "manager", "admin"])
def test_editor_when_every_address_is_opened_about_every_page_then_meets_what_may_be_met(world, name):
    keys = (*world.sections, *world.articles, *world.pages)
    wrong, met = leaks(world, name, keys)

    mine = {word for word, who in world.secrets.items() if name in who and "drafttitle" in word}
    assert not wrong, "\n".join(wrong)
    assert mine <= met
