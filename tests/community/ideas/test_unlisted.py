"""An idea that is not listed: its address opens it, and nothing else leads there; who moderates it finds it."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.events.worker import drain
from community.forums.services.curation import topic_unlist
from community.ideas.models import Idea
from community.ideas.services import idea_create, idea_set_status
from search.engines import primary
from search.parser import parse
from search.services import search
from tests.factories.people import client_of, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
PLACES = (
    "/", "/ideas/", "/ideas/?sort=new", "/ideas/?sort=top", "/ideas/?q=zunderfly", "/ideas/roadmap/", "/api/v1/ideas",
    "/search/?q=zunderfly", "/sitemap-topics.xml", "/api/v1/search?q=zunderfly",
)


@pytest.fixture
def idea() -> Idea:
    space = make_space(slug="lamps", kinds=["idea"])
    idea = idea_create(viewer=viewer(make_user()), space=space, title="Zunderfly lamps", body="Please.")
    idea_set_status(viewer=viewer(make_user(is_agent=True)), idea=idea, status="planned", note="Soon.")
    return idea


def listed(client: Client) -> set[str]:
    """The places that lead to the idea, by their own links, not by what was looked for."""
    drain()
    primary().refresh()
    found = set()
    for place in PLACES:
        response = client.get(place)
        assert response.status_code == 200, place
        if b"zunderfly-lamps" in response.content:
            found.add(place)
    return found


def test_idea_when_unlisted_then_only_its_address_and_its_moderators_lead_there(idea) -> None:
    assert listed(Client()) == set(PLACES)
    moderator = make_user(is_moderator=True)

    topic_unlist(viewer=viewer(moderator), topic=idea.topic, on=True)

    assert listed(Client()) == set() and listed(client_of(make_user())) == set()
    assert Client().get(idea.topic.get_absolute_url()).status_code == 200
    assert {"/ideas/", "/ideas/roadmap/"} <= listed(client_of(moderator))
    assert search(viewer(make_user()), parse("zunderfly")).total == 0

    topic_unlist(viewer=viewer(moderator), topic=idea.topic, on=False)

    assert listed(client_of(make_user())) == set(PLACES)
