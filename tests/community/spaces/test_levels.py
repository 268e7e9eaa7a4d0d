"""A space holds what its parts hold: in lists, feeds, the API, the search; exactly as far as each viewer reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.viewer import system_viewer
from community.ideas.services import idea_create
from community.spaces.models import Space
from community.spaces.services import member_add, space_change
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
WORD = "quillwort"


@pytest.fixture
def lamps() -> dict[str, Space]:
    """Lamps with an open part and a closed one, and something of the same words beside it; a topic in each."""
    above = make_space(name="Lamps", slug="lamps")
    spaces = {
        "lamps": above, "bulbs": make_space(name="Bulbs", slug="bulbs", parent=above),
        "secret": make_space(name="Secret lamps", slug="secret-lamps", parent=above, audience="groups"),
        "other": make_space(name="Other", slug="other"),
    }  # fmt: skip
    author = make_user(is_superuser=True)
    for name, space in spaces.items():
        make_topic(space=space, author=author, title=f"{WORD} in {name}", body=f"The {WORD}.", tags=[f"of-{name}"])
    return spaces


def insider(spaces: dict[str, Space]) -> Any:
    user = make_user()
    member_add(viewer=system_viewer(), space=spaces["secret"], user=user)
    return user


def test_list_and_feed_and_api_of_a_space_when_it_has_parts_then_hold_theirs_as_far_as_one_reads(lamps, client) -> None:
    expected = {None: {"lamps", "bulbs"}, insider(lamps): {"lamps", "bulbs", "secret"}}

    for user, readable in expected.items():
        client.logout() if user is None else client.force_login(user)
        for address in ("/s/lamps/", "/s/lamps/?tab=newest", "/s/lamps/?tab=top", "/s/lamps/feed/",
                        "/api/v1/topics?space=lamps"):  # fmt: skip
            page = client.get(address).content.decode()
            told = {name for name in lamps if f"{WORD} in {name}" in page}
            assert told == readable, (address, user)
        page = client.get("/s/lamps/").content.decode()
        assert ("of-secret" in page, "Secret lamps" in page) == (user is not None,) * 2
        assert f"{WORD} in lamps" not in client.get("/s/bulbs/").content.decode()


def test_ideas_of_a_space_when_it_has_parts_then_theirs_are_among_them(lamps, client) -> None:
    idea_create(viewer=viewer(make_user()), space=lamps["bulbs"], title="A green bulb", body="Please.")

    assert "A green bulb" in client.get("/ideas/?space=lamps").content.decode()
    assert "A green bulb" not in client.get("/ideas/?space=other").content.decode()


def test_directory_and_menu_when_there_are_parts_then_stand_under_their_space(lamps, client) -> None:
    page = client.get("/spaces/").content.decode()

    assert page.index(">Lamps<") < page.index(">Bulbs<") < page.index(">Other<")
    assert "Parts of Lamps" in page and "Secret lamps" not in page
    space_change(viewer=system_viewer(), space=lamps["lamps"], is_archived=True)
    page = client.get("/spaces/").content.decode()
    assert "Bulbs" in page and "Parts of" not in page


def test_crumbs_when_a_space_is_a_part_then_name_the_one_above(lamps, client) -> None:
    topic = make_topic(space=lamps["bulbs"])

    for address in ("/s/bulbs/", topic.get_absolute_url()):
        crumbs = client.get(address).content.decode().partition('class="crumbs"')[2].partition("</nav>")[0]
        assert crumbs.index("/s/lamps/") < crumbs.index("/s/bulbs/"), address


def statements(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_when_there_are_many_parts_then_cost_no_more_statements(lamps, client) -> None:
    addresses = ["/spaces/", "/s/lamps/", "/s/bulbs/"]
    before = {address: [statements(client, address) for _time in range(2)][1] for address in addresses}
    for number in range(4):
        make_topic(space=make_space(name=f"More {number}", parent=lamps["lamps"]))

    after = {address: [statements(client, address) for _time in range(2)][1] for address in addresses}

    assert after == before and max(after.values()) <= 7
