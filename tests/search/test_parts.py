"""Whoever chooses a space means its parts, too; counted exactly for each viewer, by both engines."""

from __future__ import annotations

import pytest

from accounts.viewer import system_viewer, viewer_for
from community.spaces.models import Space
from community.spaces.services import member_add, space_change
from search.results import Results
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles

WORD = "quillwort"


@pytest.fixture
def lamps(db: None) -> dict[str, Space]:
    """Lamps with an open part and a closed one, and something of the same words beside it; a topic in each."""
    above = make_space(name="Lamps", slug="lamps")
    spaces = {
        "lamps": above, "bulbs": make_space(name="Bulbs", slug="bulbs", parent=above),
        "secret": make_space(name="Secret lamps", slug="secret-lamps", parent=above, audience="groups"),
        "other": make_space(name="Other", slug="other"),
    }  # fmt: skip
    author = make_user(is_superuser=True)
    for name, space in spaces.items():
        make_topic(space=space, author=author, title=f"{WORD} in {name}", body=f"About the {WORD}.")
    return spaces


def spaces_told(results: Results) -> dict[str, tuple[str, int]]:
    facet = next(facet for facet in results.facets if facet.name == "space")
    return {choice.value: (choice.label, choice.count) for choice in facet.choices}


def test_search_when_a_space_is_chosen_then_its_parts_are_meant_and_counted_as_far_as_one_reads(lamps, find) -> None:
    user = make_user()
    member_add(viewer=system_viewer(), space=lamps["secret"], user=user)

    for who, names in ((viewer_for(None), ["lamps", "bulbs"]), (viewer(user), ["lamps", "bulbs", "secret"])):
        for results in (find(f"{WORD} in:lamps", viewer=who), find(WORD, viewer=who, space=["lamps"])):
            told = spaces_told(results)
            assert sorted(titles(results)) == sorted(f"{WORD} in {name}" for name in names)
            assert told["lamps"] == ("Lamps", len(names)) and told["bulbs"] == ("Bulbs", 1)
            assert told["other"] == ("Other", 1)
            assert ("secret-lamps" in told) == ("secret" in names)
    assert titles(find(f"{WORD} in:bulbs")) == [f"{WORD} in bulbs"]


def test_search_when_only_a_part_holds_something_then_the_space_above_is_counted_by_its_name(lamps, find) -> None:
    make_topic(space=lamps["bulbs"], title="About the umbrellawort")

    assert spaces_told(find("umbrellawort")) == {"lamps": ("Lamps", 1), "bulbs": ("Bulbs", 1)}


def test_search_when_a_space_moves_then_what_is_in_it_is_found_there_with_nothing_indexed(lamps, find) -> None:
    assert len(titles(find(f"{WORD} in:other"))) == 1
    space_change(viewer=system_viewer(), space=lamps["bulbs"], parent=lamps["other"])

    assert sorted(titles(find(f"{WORD} in:other"))) == [f"{WORD} in bulbs", f"{WORD} in other"]
    assert titles(find(f"{WORD} in:lamps")) == [f"{WORD} in lamps"]
