"""The results page, the box's suggestions, the pings and the API."""

from __future__ import annotations

import pytest
from django.test import Client

from community.forums.services import solution_accept
from search import outbox
from search.models import SearchLog
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def lantern(index):
    """A few lanterns, findable."""
    author = make_user("ines", display_name="Ines Marques")
    space = make_space(name="Devices", slug="devices")
    text = {"title": "Lantern flickers", "body": "A lantern & a <flame>."}
    solved = make_topic(space=space, author=author, tags=["light"], **text)
    answer = make_reply(solved, body="Tighten the lantern's screw.")
    solution_accept(viewer=viewer(author), topic=solved, post=answer)
    make_topic(author=author, title="A garden at night", body="Where would a lantern hang?")
    outbox.mark("person", [author.pk])
    index()
    return solved


def test_page_shows_hits_counts_filters_and_marks(client: Client, lantern):
    page = client.get("/search/", {"q": "lantern"})
    html = page.content.decode()

    assert page.status_code == 200
    assert "2 results for “lantern”" in html
    assert "<mark>Lantern</mark> flickers" in html
    assert "Tighten the <mark>lantern</mark>" in html
    assert 'name="kind" value="topic"' in html
    assert "A lantern & a <flame>" not in html
    assert "no-store" in page["Cache-Control"]


def test_ticked_filters_stay_in_the_address_and_narrow(client: Client, lantern):
    html = client.get("/search/", {"q": "lantern", "space": "devices", "sort": "newest"}).content.decode()

    assert "1 result for" in html
    assert 'value="devices" checked' in html
    assert "space=devices" in html and "sort=helpful" in html


def test_nothing_found_offers_to_ask(client: Client, lantern):
    html = client.get("/search/", {"q": "xylophone"}).content.decode()

    assert "Nothing found" in html and "/ask/" in html
    assert 'href="#filters"' not in html and "<details class=\"facet" not in html, "nothing to narrow down"


def test_choice_that_finds_nothing_is_told_by_its_name_and_can_be_taken_back(client: Client, lantern):
    html = client.get("/search/", {"q": "lantern", "language": "de"}).content.decode()

    assert "Nothing found" in html and 'href="#filters"' in html
    assert 'value="de" checked><span class="facet-text">Deutsch</span>' in html


@pytest.mark.parametrize(("name", "label"), [("after", "From"), ("before", "To"), ("page", "Page")])
def test_parameter_that_is_refused_is_named_on_the_page(client: Client, engine, name, label):
    html = client.get("/search/", {"q": "hub", name: "banana"}).content.decode()

    assert f"<b>{label}</b>: Must be a " in html


@pytest.mark.parametrize("text", ["a" * 1_001, "nul\0"])
def test_query_that_is_refused_says_why(client: Client, engine, text):
    page = client.get("/search/", {"q": text})

    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "51", "x", "9" * 30, ""])
def test_odd_page_numbers_are_refused_or_the_first(client: Client, engine, page):
    assert client.get("/search/", {"q": "hub", "page": page}).status_code == (200 if page == "" else 400)


def test_other_methods_are_refused(client: Client, engine):
    assert client.post("/search/").status_code == 405
    assert client.post("/search/suggest/").status_code == 405


def test_page_costs_the_same_queries_for_two_hits_as_for_many(client: Client, index, django_assert_max_num_queries):
    space, author = make_space(), make_user()

    def count() -> int:
        with django_assert_max_num_queries(60) as caught:
            client.get("/search/", {"q": "beacon"})
        return len(caught)

    for number in range(2):
        make_topic(space=space, author=author, title=f"Beacon {number}")
    index()
    count()
    few = count()
    for number in range(15):
        make_topic(space=space, author=author, title=f"Beacon more {number}")
    index()
    count()  # what changed is looked up once

    assert count() == few


def test_suggestions_come_as_fragment_and_as_json(client: Client, lantern):
    fragment = client.get("/search/suggest/", {"q": "lant"}, headers={"HX-Request": "true"})
    assert fragment["Content-Type"].startswith("text/html")
    assert "<mark>Lant</mark>ern flickers" in fragment.content.decode()

    found = client.get("/search/suggest/", {"q": "lantern fli"}, headers={"Accept": "application/json"}).json()
    assert [row["title"] for row in found["results"]] == ["Lantern flickers"]

    people = client.get("/search/suggest/", {"q": "marq"}, headers={"Accept": "application/json"}).json()
    assert [(row["kind"], row["title"]) for row in people["results"]] == [("person", "Ines Marques")]

    assert client.get("/search/suggest/", {"q": "l"}).content.strip() == b""


@pytest.mark.parametrize("text", ['"', "*", "a" * 5000, "nul\0x", "-- '", "(:*"])
def test_hostile_suggestions_answer(client: Client, engine, text):
    assert client.get("/search/suggest/", {"q": text}).status_code == 200
    assert client.get("/search/suggest/", {"q": text, "for": "similar"}).status_code == 200


def test_similar_shows_what_was_asked(client: Client, lantern):
    html = client.get("/search/suggest/", {"q": "My lantern always flickers", "for": "similar"}).content.decode()

    assert "Lantern flickers" in html


def test_opened_hit_is_noted_once_on_its_own_search(client: Client, lantern):
    html = client.get("/search/", {"q": "lantern"}).content.decode()
    ping = html.partition('ping="')[2].partition('"')[0]

    assert client.post(ping).status_code == 204
    assert client.post(ping.replace("/1/", "/2/")).status_code == 204
    row = SearchLog.objects.get()
    assert (row.text, row.count, row.clicked_kind, row.clicked_rank) == ("lantern", 2, "topic", 1)

    forged = ping.replace("/search/click/", "/search/click/x")
    assert client.post(forged).status_code == 204
    assert SearchLog.objects.get().clicked_rank == 1
    assert client.get(ping).status_code == 405


def test_search_is_logged_with_who_and_what(client: Client, lantern):
    user = make_user()
    client.force_login(user)
    client.get("/search/", {"q": "  LANTERN  Café ", "kind": "topic"})

    row = SearchLog.objects.get()
    assert (row.text, row.user_id, row.filters) == ("lantern cafe", user.pk, {"kind": ["topic"]})


def test_api_answers_the_contract(client: Client, lantern):
    found = client.get("/api/v1/search", {"q": "lantern", "kind": "topic"}).json()

    assert {"total", "degraded", "facets", "results"} <= set(found)
    assert found["total"] == 2 and found["degraded"] is False
    first = found["results"][0]
    assert {"kind", "id", "title", "url", "excerpt", "score"} <= set(first)
    assert first["url"].startswith("http")
    assert {c["value"]: c["count"] for c in found["facets"]["space"]}["devices"] == 1
    assert client.get("/api/v1/search", {"q": "lantern", "space": "devices"}).json()["total"] == 1
    assert client.get("/api/v1/search", {"q": "lantern", "tag": "light"}).json()["total"] == 1
    assert client.get("/api/v1/search", {"q": "lantern", "page": "2"}).json()["results"] == []
    suggested = client.get("/api/v1/suggest", {"q": "lantern f"}).json()["results"]
    assert [row["title"] for row in suggested] == ["Lantern flickers"]


@pytest.mark.parametrize(
    ("data", "field"), [({"q": "a" * 1_001}, "q"), ({"q": "x\0"}, "q"), ({"q": "x", "page": "0"}, "page")]
)
def test_api_names_the_field_that_is_wrong(client: Client, engine, data, field):
    answer = client.get("/api/v1/search", data)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize("text", ["🔌", '""', "-hub", "…"])
def test_text_without_a_word_is_told_apart_from_no_text(client: Client, engine, text):
    told = "no word in this to look for"

    assert told in client.get("/search/", {"q": text}).content.decode()
    assert told not in client.get("/search/").content.decode()


def test_days_the_wrong_way_round_are_told(client: Client, engine):
    assert "exchange them" in client.get("/search/?q=hub&after=2026&before=2020").content.decode()
    assert "exchange them" not in client.get("/search/?q=hub&after=2020&before=2026").content.decode()
