"""Tags while typing: those of what the viewer may see, by their beginning; on the page and through the API."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Audience
from accounts.viewer import system_viewer, viewer_for
from community.forums.models import Status, Topic
from community.forums.services import content_set_status, topic_move
from community.spaces.services import member_add
from search import outbox, suggest
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def offered(text: str, who=None) -> list[str]:
    groups = {group.kind: group for group in suggest.suggest(who or viewer_for(None), text)}
    return [card.title for card, _title in groups["tag"].items] if "tag" in groups else []


def test_tags_that_begin_as_typed_are_offered_the_shortest_first(index):
    make_topic(title="Topic one", tags=["zigbee-hub", "zigbee"])
    make_topic(title="Topic two", tags=["old-zigbee", "wifi"])
    index()

    assert offered("zig") == ["zigbee", "zigbee-hub", "old-zigbee"]
    assert offered("zigbee-h") == offered("Zigbee H") == ["zigbee-hub"]
    assert offered("igbee") == offered("zz") == offered("--") == []


def test_new_tag_is_offered_as_soon_as_it_is_indexed(index):
    assert offered("zigbee") == []
    make_topic(title="Topic one", tags=["zigbee"])
    index()

    assert offered("zigbee") == ["zigbee"]


def test_tag_that_only_hidden_things_carry_is_offered_to_those_who_see_them(index):
    space, insider = make_space(audience=Audience.GROUPS), make_user()
    member_add(viewer=system_viewer(), space=space, user=insider)
    make_topic(space=space, author=insider, title="Inside talk", tags=["nightingale", "nigh"])
    make_topic(title="Outside talk", tags=["nigh"])
    index()

    assert offered("nig", viewer(insider)) == ["nigh", "nightingale"]
    assert offered("nig") == ["nigh"]


def test_tag_is_not_offered_from_the_moment_that_its_topic_is_hidden(index):
    moved, removed = make_topic(title="Topic one", tags=["zigbee"]), make_topic(title="Topic two", tags=["zigzag"])
    make_topic(title="Topic three", tags=["zinc"])
    index()
    assert offered("zi") == ["zinc", "zigbee", "zigzag"]

    private = make_space(audience=Audience.GROUPS)
    topic_move(viewer=system_viewer(), topic=moved, space=private)
    content_set_status(actor_id=None, target=removed, status=Status.REMOVED)

    assert offered("zi") == ["zinc"]


def test_tag_is_not_offered_for_what_the_database_hides_or_what_changed_since_it_was_indexed(index):
    hidden, changed = make_topic(title="Topic one", tags=["zigbee"]), make_topic(title="Topic two", tags=["zigzag"])
    index()

    Topic.objects.filter(pk=hidden.pk).update(status=Status.REMOVED)
    outbox.mark("topic", [changed.pk])

    assert offered("zig") == []
    index()
    assert offered("zig") == ["zigzag"]


def test_page_and_api_lead_from_a_tag_to_what_carries_it(client: Client, index):
    make_topic(title="Pairing fails", tags=["zigbee-hub"])
    make_topic(title="Something else")
    index()

    html = client.get("/search/suggest/", {"q": "zigb"}).content.decode()
    [row] = client.get("/api/v1/suggest", {"q": "zigb"}).json()["results"]

    assert '<div class="label">Tags</div>' in html and "<mark>zigb</mark>ee-hub" in html
    assert (row["kind"], row["id"], row["title"]) == ("tag", None, "zigbee-hub")
    found = client.get(row["url"].removeprefix(settings.SITE_URL)).content.decode()
    assert "Pairing fails" in found and "Something else" not in found


def test_suggesting_many_tags_costs_as_much_as_one(index, django_assert_max_num_queries):
    make_topic(title="Topic one", tags=["zigbee"])
    index()
    offered("zi")
    with django_assert_max_num_queries(20) as one:
        offered("zi")
    make_topic(title="Topic two", tags=["zigzag", "zinc", "zip", "zither"])
    index()
    offered("zi")
    with django_assert_max_num_queries(20) as many:
        offered("zi")

    assert len(many) == len(one)
