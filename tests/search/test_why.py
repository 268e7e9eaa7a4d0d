"""Why a hit stands where it stands: right on every engine, for staff only, and never of what they do not see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.http import urlencode

from search import curation, parser, services, shaping
from search.synonyms import synonyms_create
from search.why import Why, why
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_group, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_user("sanne", is_agent=True)


@pytest.fixture
def told(index, staff):
    def run(text: str, topic, *, by=None) -> Why | None:
        index()
        return why(viewer(by or staff), parser.parse(text), kind="topic", object_id=topic.pk)

    return run


def test_words_places_synonyms_and_ranks_are_told(told, staff):
    synonyms_create(viewer=viewer(staff), rule="lantern, torch")
    first = make_topic(title="Lantern beside the gate", body="The gate is dark.")
    second = make_topic(title="Torch beside the fence", body="It was closed, and so on.")
    make_reply(second, body="Oil the gate.")

    best, other = told("lantern gate zebra", first), told("lantern gate zebra", second)

    assert (best.place.rank, best.words.rank, best.words.of) == (1, 1, 2)
    assert (other.place.rank, other.words.rank, other.place.of) == (2, 2, 2)
    assert [(one.form.words, one.form.role) for one in best.said] == [("lantern", "word"), ("gate", "word")]
    assert [(one.form.words, one.form.role) for one in other.said] == [("torch", "synonym"), ("gate", "word")]
    assert {place for place, _points in best.said[0].places} == {"title"}
    assert {place for place, _points in best.said[1].places} == {"title", "body"}
    assert {place for place, _points in other.said[1].places} == {"replies"}
    assert [form.words for form in best.missing] == ["zebra"]
    assert best.points > other.points > 0 and all(one.points > 0 for one in [*best.said, *other.said])
    assert "fresh" in best.lifts and best.score > other.score
    assert not (best.is_exact or best.is_pinned)


def test_points_are_those_that_ranked(told, find, staff):
    topic = make_topic(title="Lantern beside the gate", body="Gate, gate.")
    make_topic(title="Another text about a lantern")

    found = told('lantern "beside the gate"', topic)
    query = parser.parse('lantern "beside the gate"')
    asked, tokens = shaping.current().applied(query), viewer(staff).tokens
    raw = services.primary().search(asked, tokens, kinds=["topic"], window=5).hits["topic"]
    assert found.points == pytest.approx(next(hit.score for hit in raw if hit.id == topic.pk), rel=0.01)


def test_slip_exact_title_and_pin_are_told(told, staff):
    topic = make_topic(title="Thermostat")
    curation.pin_create(viewer=viewer(staff), text="thermostat", kind="topic", object_id=topic.pk)

    exact, slip = told("thermostat", topic), told("thermotsat", topic)

    assert exact.is_exact and exact.is_pinned
    assert [one.form.role for one in slip.said] == ["slip"] and slip.said[0].points > 0
    assert not slip.is_exact


def test_what_does_not_match_is_told_so(told):
    make_topic(title="Gate of the garden")
    topic = make_topic(title="Something else")

    found = told("gate", topic)

    assert (found.said, found.words.rank, found.place.rank, found.points) == ([], None, None, 0)


def test_for_others_and_of_hidden_things_there_is_no_page(told, client: Client, staff):
    group = make_group("Insiders")
    insider = make_user()
    insider.groups.add(group)
    hidden = make_topic(space=make_space(audience="groups", groups=[group.pk]), author=insider, title="Secret beacon")
    open_one = make_topic(title="Open beacon")
    assert told("beacon", hidden) is None
    assert told("beacon", open_one).place.of == 1
    assert told("beacon", open_one, by=make_user()) is None

    def status(kind: str, pk: int, text: str = "beacon") -> int:
        return client.get(f"/search/why/{kind}/{pk}/?{urlencode({'q': text})}").status_code

    assert status("topic", open_one.pk) == 404
    client.force_login(staff)
    assert status("topic", open_one.pk) == 200
    assert [status("topic", hidden.pk), status("nothing", 1), status("topic", 10**9)] == [404] * 3
    for pk, text in ((2**63, "x"), (open_one.pk, ""), (open_one.pk, "a" * 1_001)):
        assert status("topic", pk, text) == 404


def test_page_says_it_in_words_and_is_linked_from_the_hit(client: Client, index, staff):
    topic = make_topic(title="Lantern beside the gate")
    index()
    client.force_login(staff)
    address = f"/search/why/topic/{topic.pk}/?q=lantern"
    assert address in client.get("/search/?q=lantern").content.decode()

    page = client.get(address).content.decode()

    assert "1 of the 1 looked at" in page and "as typed" in page and "title" in page
    client.force_login(make_user())
    assert "Why here" not in client.get("/search/?q=lantern").content.decode()


@pytest.mark.parametrize("text", ['"', "hub*", "NEAR(hub lamp)", "日本語 hub", "a^2 hub", 'hub -lamp "x y"', "in:x"])
def test_hostile_text_never_fails(told, text):
    topic = make_topic(title="The hub and the lamp")

    found = told(text, topic)

    assert found is None or not found.degraded
