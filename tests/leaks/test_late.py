"""Access that changed a moment ago: the worker has not come round, the index is stale, the answers are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts import services as accounts
from accounts.events.worker import drain
from accounts.models import Audience
from accounts.viewer import system_viewer
from community.forums.models import Topic
from community.forums.services import content_set_status, topic_move
from community.spaces.services import space_set_audience
from knowledge.services import article_unpublish, section_set_audience
from search import engines
from tests.factories.forums import make_reply
from tests.leaks.browse import Visitor
from tests.leaks.world import World

pytestmark = pytest.mark.django_db


def move(world: World) -> None:
    topic = Topic.objects.get(pk=world.topics["members"].pk)
    topic_move(viewer=world.viewer("writer"), topic=topic, space=world.spaces[Audience.GROUPS])


def remove(world: World) -> None:
    content_set_status(actor_id=None, target=Topic.objects.get(pk=world.topics["members"].pk), status="removed")


def close_the_space(world: World) -> None:
    space_set_audience(viewer=system_viewer(), space=world.spaces["members"], audience=Audience.STAFF)


def close_the_section(world: World) -> None:
    section_set_audience(viewer=system_viewer(), section=world.sections["members kb"], audience=Audience.STAFF)


def unpublish(world: World) -> None:
    article_unpublish(viewer=system_viewer(), article=world.articles["members article"].specific)


CHANGES: dict[Callable[[World], None], tuple[str, str]] = {
    move: ("zqmemberstitle", "zqmembersbody"),
    remove: ("zqmemberstitle", "zqmembersbody"),
    close_the_space: ("zqmemberstitle", "zqmembersbody"),
    close_the_section: ("zqmembersarticletitle", "zqmembersarticletext"),
    unpublish: ("zqmembersarticletitle", "zqmembersarticletext"),
}


def asked(word: str) -> list[str]:
    return [
        "/", "/topics/", "/ideas/", "/kb/", "/notifications/", "/search/?q=lanterns", f"/search/?q={word}",
        "/search/suggest/?q=lanterns", f"/search/suggest/?q={word}", f"/ask/similar/?title={word} lanterns",
        "/api/v1/search?q=lanterns", f"/api/v1/search?q={word}", f"/api/v1/suggest?q={word}", "/api/v1/topics",
        "/api/v1/articles", "/api/v1/notifications",
    ]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_thing_when_it_was_closed_a_moment_ago_then_nothing_of_it_is_told(world, change):
    visitor, words = Visitor(world, "member"), CHANGES[change]
    assert words[0] in visitor.reads(f"/search/?q={words[0]}")[1].replace(f"q={words[0]}", "")
    found = visitor.get(f"/api/v1/search?q={words[1]}").json()
    change(world)

    told = [
        f"{path}: {word}" for word in words for path in asked(words[0])
        if word in visitor.reads(path)[1] and word not in path
    ]  # fmt: skip
    now = visitor.get(f"/api/v1/search?q={words[1]}").json()
    assert told == []
    assert (found["total"], now["total"], now["results"]) == (1, 0, [])
    assert not [choice for choices in now["facets"].values() for choice in choices if choice["count"]]


@pytest.mark.parametrize("name", ["anonymous", "member", "ex", "key-writes"])
def test_search_when_the_cluster_is_away_then_it_tells_the_same_people_the_same(world, name, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    engines.engine.cache_clear()
    visitor, wrong = Visitor(world, name), []
    try:
        for path in filter(visitor.opens, asked("zqgroupstitle")):
            _status, text = visitor.reads(path)
            wrong += [
                f"{path}: {word}" for word, who in world.secrets.items()
                if word in text and name not in who and word not in path
            ]  # fmt: skip
        answer = visitor.get("/api/v1/search?q=lanterns").json()
    finally:
        engines.engine.cache_clear()

    assert wrong == []
    assert answer["degraded"] and answer["total"] > 0


@pytest.mark.parametrize("change", [move, remove, close_the_space], ids=lambda change: change.__name__)
def test_bell_when_what_it_told_of_is_closed_then_it_shows_no_word_and_sends_nobody_there(world, change):
    visitor = Visitor(world, "member")
    topic = Topic.objects.get(pk=world.topics["members"].pk)
    make_reply(topic, body=f"@{world.people['member'].username} see here")
    drain()
    assert "zqmemberstitle" in visitor.reads("/notifications/")[1]
    number = visitor.get("/api/v1/notifications").json()["results"][0]["number"]
    change(world)

    told = [visitor.reads(path)[1] for path in ("/notifications/", "/notifications/recent/", "/api/v1/notifications")]
    told.append(visitor.reads(f"/notifications/{number}/")[1])
    assert not [text for text in told if "zqmemberstitle" in text or "see here" in text]


def test_former_colleague_when_they_left_the_company_then_its_spaces_are_closed_at_once(world):
    left = Visitor(world, "colleague")
    assert left.get("/s/organisations-space/").status_code == 200
    accounts.organisation_set(viewer=system_viewer(), user=world.people["colleague"], organisation=None)

    assert left.get("/s/organisations-space/").status_code == 404
    assert "zqorganisations" not in left.reads("/search/?q=lanterns")[1]
