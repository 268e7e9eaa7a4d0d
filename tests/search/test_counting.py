"""Elasticsearch counts and finds in several ways, each in its turn the cheapest: all of them say the same."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from django.utils import timezone

from accounts.models import Audience
from accounts.viewer import system_viewer, viewer_for
from community.spaces.models import Space
from community.spaces.services import member_add
from search import mapping, outbox, parser
from search.engines import elastic_bulk, elastic_counts, elastic_ways, fallback
from search.sources import Document, sources
from tests.factories.forums import make_topic
from tests.factories.knowledge import make_article, make_section
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

CHOICES = (
    {}, {"space": ["lofts"]}, {"space": ["lofts", "cellars"], "state": ["open"]}, {"language": ["de"]},
    {"product": ["Hub"]}, {"product": ["Hub", "Bridge"], "language": ["en"]}, {"tag": ["tag1"], "space": ["lofts"]},
    {"author": ["Mara"], "state": ["open"]}, {"kind": ["article"], "product": ["Hub"]}, {"date": ["week"]},
    {"space": ["vault"]}, {"space": ["nowhere"], "product": ["Hub"]}, {"after": ["2020-01-01"], "kind": ["topic"]},
)
TEXTS = ("rafter", "rafter beam joist")


@pytest.fixture
def people(index):
    """Topics and articles of every sort, some hidden, one space half renamed; returns who may see what."""
    pick = Random(5)
    authors = [make_user("mara"), make_user("jonas")]
    vault = make_space(slug="vault", audience=Audience.GROUPS)
    member_add(viewer=system_viewer(), space=vault, user=authors[0])
    for author in authors:
        make_topic(space=make_space(slug=f"of-{author.username}"), author=author, title="Rafter of their own")
    spaces, section = [make_space(slug="lofts", name="Lofts"), make_space(slug="cellars"), vault], make_section()
    topics = [
        make_topic(
            space=spaces[number % 3], author=authors[0] if number % 3 == 2 else authors[number % 2],
            title=f"Rafter {'beam ' * pick.randrange(3)}{'joist ' * pick.randrange(3)}{number}",
            tags=[f"tag{number % 4}"] * (number % 2), at=timezone.now() - timedelta(days=pick.choice((0, 3, 20, 900))),
        )
        for number in range(18)
    ]
    for number in range(8):
        make_article(
            section, title=f"Rafter beam {number}", product=("Hub", "Bridge", "")[number % 3],
            language=("en", "de")[number % 2],
        )
    index()
    Space.objects.filter(slug="lofts").update(name="Attics")
    outbox.mark("topic", [topic.pk for topic in topics[:7]])
    index()
    return viewer_for(None), viewer(authors[0])


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_counts_by_signature_each_by_itself_and_of_the_database_are_the_same(engine, people, monkeypatch):
    kinds = [source.kind for source in sources()]
    for text, asked, who in product(TEXTS, CHOICES, people):
        query = parser.parse(text, data=asked)
        first, expected = None, fallback().search(query, who.tokens, kinds=kinds, window=10)
        for is_signed, many in product((True, False), (0, 10**9)):
            with monkeypatch.context() as ways:
                ways.setattr(elastic_ways, "MANY", many)
                engine._ways._apart = {} if is_signed else dict.fromkeys(kinds, float("inf"))
                found = engine.search(query, who.tokens, kinds=kinds, window=10)
                assert not is_signed or not engine._ways._apart, "signatures told all"
            told = (found.total, {name: counts for name, counts in found.facets.items() if counts})
            assert told == (
                expected.total, {name: counts for name, counts in expected.facets.items() if counts}
            ), (query, who.tokens, is_signed, many)
            first = first or found
            assert found.hits == first.hits, (query, is_signed, many)


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_more_signatures_than_are_told_are_counted_facet_by_facet(engine, people, monkeypatch):
    kinds = [source.kind for source in sources()]
    query = parser.parse("rafter", data={})
    whole = engine.search(query, people[0].tokens, kinds=kinds, window=10)
    monkeypatch.setattr(elastic_counts, "MOST_SIGNATURES", 2)

    for many in (0, 10**9):
        monkeypatch.setattr(elastic_ways, "MANY", many)
        engine._ways._apart = {}
        assert engine.search(query, people[0].tokens, kinds=kinds, window=10) == whole
        assert {"topic", "article"} <= engine._ways._apart.keys(), "they are not tried again at once"


def test_signature_leaves_out_what_is_too_long_to_be_counted():
    now = timezone.now()
    document = Document(
        id=1, title="", body="", audience=("public",), created_at=now, updated_at=now, container="lofts",
        container_name="Lofts", state="o" * 301, products=("Hub", "Bridge", "Hub", "p" * 301),
    )
    assert mapping.signed(document) == '["lofts\\nLofts","","en",["Bridge","Hub"]]'


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_hits_that_hold_too_few_words_give_way_to_those_behind_them(engine, index, monkeypatch):
    monkeypatch.setattr(elastic_ways, "SPARE", 2)
    space = make_space()
    for number in range(8):
        make_topic(space=space, title="Gable", body=f"{number}")
    for number in range(4):
        make_topic(space=space, title=f"Number {number} of many more", body=f"gable dormer {'pad ' * 60}")
    for _number in range(30):
        make_topic(space=space, title="Dormer mullion")
    index()
    query = parser.parse("gable dormer finial", data={})

    told = []
    for many in (10**9, 0):
        monkeypatch.setattr(elastic_ways, "MANY", many)
        told.append(engine.search(query, viewer_for(None).tokens, kinds=["topic"], window=3))

    assert told[0] == told[1]
    assert [hit.cover for hit in told[1].hits["topic"]] == [2, 2, 2]


def test_text_that_no_encoding_can_say_is_sent_escaped():
    now = timezone.now()
    document = Document(id=1, title="Half \ud83d", body="", audience=("public",), created_at=now, updated_at=now)
    known = frozenset({"title", "created_at"})
    action, source = b"".join(elastic_bulk.lines("topic", [document], [], 5, {}, known)).splitlines()
    assert json.loads(action)["index"]["version"] == 5
    assert json.loads(source) == {"title": "Half \ud83d", "created_at": now.isoformat()}
