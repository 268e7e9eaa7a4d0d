"""Pinned results: first for their search, only for those who may see them, and only by staff."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.errors import NotAllowed
from accounts.events.models import Event
from search import curation, parser, services
from search.models import Pin
from tests.factories.forums import make_topic
from tests.factories.people import make_group, make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_user("sanne", is_agent=True)


def pin(staff, text: str, topic) -> Pin:
    return curation.pin_create(viewer=viewer(staff), text=text, kind="topic", object_id=topic.pk)


def test_pin_comes_first_for_exactly_its_search_and_is_not_shown_twice(find, staff):
    make_topic(title="Reset the beacon", body="Beacon, beacon, beacon.")
    chosen = make_topic(title="When the beacon blinks red", body="Wait.")
    other = make_topic(title="Something else altogether", body="No such word here.")
    pin(staff, "  Beacon ", chosen)
    pin(staff, "beacon", other)

    found = find("BEACON")

    assert [item.card.title for item in found.pinned] == ["When the beacon blinks red", "Something else altogether"]
    assert titles(found) == ["Reset the beacon"]
    assert found.total == 2
    for text, data in (("beacon red", {}), ("beacon", {"kind": ["topic"]}), ("beacon", {"sort": ["newest"]})):
        assert find(text, **data).pinned == []


def test_pin_is_seen_only_by_those_who_may_see_the_thing(find, client: Client, staff):
    group = make_group("Insiders")
    insider = make_user()
    insider.groups.add(group)
    staff.groups.add(group)
    hidden = make_topic(space=make_space(audience="groups", groups=[group.pk]), author=insider, title="Secret beacon")
    pin(staff, "beacon", hidden)

    assert [item.card.title for item in find("beacon", viewer=viewer(insider)).pinned] == ["Secret beacon"]
    assert find("beacon").pinned == []
    assert "Secret" not in client.get("/search/?q=beacon").content.decode()
    assert client.get("/api/v1/search?q=beacon").json()["pinned"] == []


def test_pin_of_what_the_pinner_does_not_see_is_refused(staff):
    hidden = make_topic(space=make_space(audience="groups"), author=make_user(is_superuser=True))

    for kind, pk, field in (("topic", hidden.pk, "object_id"), ("topic", 10**9, "object_id"), ("nothing", 1, "kind")):
        with pytest.raises(ValidationError) as refusal:
            curation.pin_create(viewer=viewer(staff), text="beacon", kind=kind, object_id=pk)
        assert list(refusal.value.message_dict) == [field]
    assert not Pin.objects.exists() and not Event.objects.filter(name="search.pinned").exists()


def test_pins_of_one_search_have_a_bound_and_repeat_as_one(staff):
    topics = [make_topic() for _ in range(6)]
    for topic in topics[:5]:
        pin(staff, "beacon", topic)
    assert pin(staff, "beacon", topics[0]).pk == Pin.objects.order_by("pk").first().pk

    with pytest.raises(ValidationError, match="at most 5"):
        pin(staff, "beacon", topics[5])
    assert Pin.objects.count() == 5 and Event.objects.filter(name="search.pinned").count() == 5


def test_customers_cannot_pin_and_the_pages_do_not_exist_for_them(client: Client, staff):
    topic = make_topic()
    placed = pin(staff, "beacon", topic)
    client.force_login(make_user())

    assert client.get("/search/pins/").status_code == 404
    assert client.post("/search/pins/", {"text": "x", "kind": "topic", "object_id": topic.pk}).status_code == 404
    assert client.post(f"/search/pins/{placed.pk}/remove/").status_code == 404
    with pytest.raises(NotAllowed):
        curation.pin_remove(viewer=viewer(make_user()), pin=placed)
    assert Pin.objects.count() == 1


def test_staff_pin_from_the_results_and_unpin_from_the_list(client: Client, index, staff):
    topic = make_topic(title="Reset the beacon")
    index()
    client.force_login(staff)
    assert 'name="object_id"' in client.get("/search/?q=beacon").content.decode()

    answer = client.post("/search/pins/", {"text": "beacon", "kind": "topic", "object_id": topic.pk}, follow=True)
    assert "Picked by our team" in answer.content.decode()
    assert "Reset the beacon" in client.get("/search/pins/").content.decode()
    client.post(f"/search/pins/{Pin.objects.get().pk}/remove/")

    assert services.search(viewer(staff), parser.parse("beacon")).pinned == []
    assert [e.name for e in Event.objects.filter(name__startswith="search.")] == ["search.pinned", "search.unpinned"]


@pytest.mark.parametrize("data", [
    {"text": "", "kind": "topic", "object_id": "1"}, {"text": "x", "kind": "topic", "object_id": "one"},
    {"text": "x", "kind": "topic", "object_id": "9" * 30}, {"text": "x" * 300, "kind": "topic", "object_id": "1"}, {},
])
def test_bad_pin_is_refused_with_a_message(client: Client, staff, data):
    client.force_login(staff)

    assert client.post("/search/pins/", data).status_code == 400
    assert not Pin.objects.exists()


def test_list_of_pins_costs_the_same_for_two_as_for_many(client: Client, staff, django_assert_max_num_queries):
    client.force_login(staff)

    def count() -> int:
        with django_assert_max_num_queries(30) as caught:
            client.get("/search/pins/")
        return len(caught)

    for number in range(2):
        pin(staff, f"few {number}", make_topic())
    count()
    few = count()
    for number in range(20):
        pin(staff, f"more {number}", make_topic())

    assert count() == few
