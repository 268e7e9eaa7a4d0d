"""Facets: exact for the viewer, the whole state in the address, orders that hold over all that was found."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Audience
from accounts.viewer import system_viewer, viewer_for
from community.forums.models import Topic
from community.forums.services import solution_accept
from community.spaces.models import Space
from community.spaces.services import member_add
from search import outbox, parser
from search.engines import elastic_counts, elastic_query, elastic_ways
from search.query import WITHIN
from search.results import Results
from search.sources import sources
from tests.factories.forums import make_reply, make_topic
from tests.factories.knowledge import make_article, make_section, make_wiki_page
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles

AGES = (0, 3, 20, 200, 900)


def counts(results: Results) -> dict[str, dict[str, int]]:
    return {facet.name: {choice.value: choice.count for choice in facet.choices} for facet in results.facets}


def test_author_and_date_count_what_the_viewer_sees(find):
    insider, other = make_user("insider"), make_user("other")
    private = make_space(audience=Audience.GROUPS)
    member_add(viewer=system_viewer(), space=private, user=insider)
    spaces = [make_space(), private]
    now = timezone.now()
    for number in range(10):
        at = now - timedelta(days=AGES[number % 5], hours=1)
        author = insider if number % 2 else other
        make_topic(space=spaces[number % 2], author=author, title=f"Corridor light {number}", at=at)

    for who in (viewer_for(None), viewer(insider)):
        rows = list(Topic.objects.visible_to(who).select_related("author"))
        found = counts(find("corridor", viewer=who))
        assert found["author"] == Counter(topic.author.username for topic in rows)
        for name, days in WITHIN.items():
            assert found["date"][name] == sum(now - row.created_at < timedelta(days=days) for row in rows)


def test_product_and_language_are_counted_and_narrow(find):
    section = make_section()
    make_article(section, title="Valve noise", product="Hub Mini")
    make_article(section, title="Valve leak", product="Hub Mini", language="de")
    make_article(section, title="Valve size", product="Bridge")

    every = counts(find("valve"))
    assert every["product"] == {"Hub Mini": 2, "Bridge": 1}
    assert every["language"] == {"en": 2, "de": 1}

    narrowed = find("valve", product=["Hub Mini"], language=["de"])
    assert titles(narrowed) == ["Valve leak"]
    assert counts(narrowed)["product"] == {"Hub Mini": 1}, "as if it had no choice of its own, but the language's"
    assert counts(narrowed)["language"] == {"en": 1, "de": 1}
    assert titles(find('valve product:"hub mini" language:de')) == [], "a product is named as it is written"
    assert titles(find('valve product:"Hub Mini" language:de')) == ["Valve leak"]


def test_section_and_space_are_places_both(find):
    make_article(make_section("Climate", slug="climate"), title="Valve article")
    make_topic(space=make_space(slug="devices"), title="Valve topic")

    assert counts(find("valve"))["space"] == {"climate": 1, "devices": 1}
    assert titles(find("valve section:climate")) == titles(find("valve", section=["climate"])) == ["Valve article"]


def test_has_solution_means_solved(find):
    author = make_user()
    topic = make_topic(author=author, title="Siren one")
    make_topic(title="Siren two")
    solution_accept(viewer=viewer(author), topic=topic, post=make_reply(topic))

    assert titles(find("siren has:solution")) == ["Siren one"]
    assert find("siren has:legs").total == 2, "what makes no sense there is plain text"


def test_author_is_the_same_in_any_case_and_several_may_be_chosen(find):
    for name in ("ines", "jonas", "mara"):
        make_topic(author=make_user(name), title=f"Gong of {name}")

    assert titles(find("gong author:@INES")) == ["Gong of ines"]
    both = find("gong", author=["Ines", "jonas"])
    assert both.total == 2
    assert counts(both)["author"] == {"ines": 1, "jonas": 1, "mara": 1}
    ticked = [choice.value for facet in both.facets for choice in facet.choices if choice.is_chosen]
    assert sorted(ticked) == ["ines", "jonas"]


def test_span_of_time_narrows_and_counts_without_itself(find):
    now = timezone.now()
    for days in AGES:
        make_topic(title=f"Chime {days}", at=now - timedelta(days=days, hours=1))

    week = find("chime", date=["week"])

    assert sorted(titles(week)) == ["Chime 0", "Chime 3"]
    assert counts(week)["date"] == {"day": 1, "week": 2, "month": 3, "year": 4}
    assert find("chime", date=["soon"]).total == 5, "an unknown span is none"


@pytest.mark.parametrize("field", ["after", "before"])
@pytest.mark.parametrize("value", ["tomorrow", "2026-13", "0000", "9999", "17.5.2026"])
def test_day_that_cannot_be_is_refused_by_field(field, value):
    with pytest.raises(ValidationError) as refused:
        parser.parse("hub", data={field: [value]})
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("sort", ["newest", "helpful"])
def test_order_holds_over_all_kinds_and_pages(find, sort):
    now, space, section = timezone.now(), make_space(), make_section(index="wiki")
    for number in range(48):
        # The later the less it is about beacons, so that an order by relevance within a window would show.
        make_topic(
            space=space, title=f"Beacon {number}", body="beacon " * (number % 7) + "word " * (48 - number),
            at=now - timedelta(hours=(number * 29) % 48),
        )
    make_wiki_page(section, title="Beacon page")

    pages = [find("beacon", sort=[sort], page=[str(number)]) for number in (1, 2, 3)]
    items = [item for page in pages for item in page.items]

    assert len({(item.card.kind, item.card.id) for item in items}) == pages[0].total == 49
    assert [item.created_at for item in items] == sorted((item.created_at for item in items), reverse=True)


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_counts_are_exact_where_one_index_has_more_values_than_are_counted(find, monkeypatch):
    monkeypatch.setattr(elastic_query, "MOST_VALUES", 3)
    monkeypatch.setattr(elastic_counts, "BUCKETS_A_KIND", 2)
    space, private, section = make_space(), make_space(audience=Audience.GROUPS), make_section(index="wiki")
    for name, topics, pages in (("ines", 3, 0), ("jonas", 2, 0), ("mara", 1, 4), ("nora", 1, 3)):
        author = make_user(name)
        for _number in range(topics):
            make_topic(space=space, author=author, title="Lever talk")
        for number in range(pages):
            make_wiki_page(section, viewer=viewer(author), title=f"Lever page {name} {number}")
        make_topic(space=space, author=author, title="Something else")
        member_add(viewer=system_viewer(), space=private, user=author)
        make_topic(space=private, author=author, title="Lever among themselves")

    assert counts(find("lever"))["author"] == {"mara": 5, "nora": 4, "ines": 3}
    assert counts(find("lever", author=["jonas"]))["author"] == {"mara": 5, "nora": 4, "ines": 3, "jonas": 2}


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_hits_and_counts_asked_apart_are_those_of_one_pass(engine, index, monkeypatch):
    insider, private = make_user("insider"), make_space(audience=Audience.GROUPS)
    member_add(viewer=system_viewer(), space=private, user=insider)
    for number in range(6):
        space = private if number % 2 else make_space()
        make_topic(space=space, author=insider, title=f"Gutter {'pipe ' * number}", tags=[f"tag{number % 3}"])
    make_article(make_section(), title="Gutter")
    index()

    kinds = [source.kind for source in sources()]
    narrowed = ({"kind": ["topic"]}, {"tag": ["tag1"], "kind": ["topic"]}, {"author": ["Insider"]}, {"space": ["x"]})
    for asked in ({}, *narrowed):
        for sort in ("relevance", "newest"):
            for who in (viewer_for(None), viewer(insider)):
                query = parser.parse("gutter pipe", data={**asked, "sort": [sort]})
                told = []
                for many in (0, 10**9):
                    monkeypatch.setattr(elastic_ways, "MANY", many)
                    told.append(engine.search(query, who.tokens, kinds=kinds, window=10))
                assert told[0].total or asked.get("space"), query
                assert told[0] == told[1], query


def test_container_that_is_being_renamed_is_one_choice(find):
    space = make_space(slug="sconces", name="Sconces")
    topics = [make_topic(space=space, title=f"Sconce {number}") for number in range(3)]
    find("sconce")
    Space.objects.filter(pk=space.pk).update(name="Wall lamps")  # the index learns it document by document
    outbox.mark("topic", [topic.pk for topic in topics[:2]])

    facet = next(facet for facet in find("sconce", kind=["topic"]).facets if facet.name == "space")

    assert [(choice.value, choice.label, choice.count) for choice in facet.choices] == [("sconces", "Wall lamps", 3)]


def test_page_keeps_every_choice_in_the_address_and_offers_more_of_a_facet(client: Client, index):
    space = make_space(slug="devices")
    for number in range(10):
        make_topic(space=space, author=make_user(f"person{number}"), title=f"Kettle {number}", tags=[f"tag{number}"])
    index()

    asked = {"q": "kettle", "date": "month", "author": "person3", "space": "devices", "after": "2020-01"}
    html = client.get("/search/", asked).content.decode()
    assert "1 result for" in html
    assert 'name="author" value="person3" checked' in html
    assert 'name="date" value="month" checked' in html
    assert 'type="date" name="after" value="2020-01-01"' in html
    assert 'name="language"' not in html, "all there is, is in one language"

    few = client.get("/search/", {"q": "kettle"}).content.decode()
    assert few.count('name="tag"') == 8 and "more=tag#filters" in few
    more = client.get("/search/", {"q": "kettle", "more": "tag"}).content.decode()
    assert more.count('name="tag"') == 10 and "more=tag#filters" not in more


def test_api_tells_and_takes_every_facet(client: Client, index):
    make_article(make_section("Climate"), title="Valve noise", product="Bridge")
    index()

    found = client.get("/api/v1/search", {"q": "valve", "product": "Bridge", "date": "day"}).json()

    assert found["total"] == 1
    assert {"kind", "state", "space", "product", "tag", "author", "date"} <= set(found["facets"])
    assert found["facets"]["product"] == [{"value": "Bridge", "label": "Bridge", "count": 1}]
    refused = client.get("/api/v1/search", {"q": "valve", "before": "soon"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["before"])
