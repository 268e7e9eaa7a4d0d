"""Synonyms: live at once in every engine, weaker than the word as typed, not for quoted words, by staff only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.errors import NotAllowed
from accounts.events.models import Event
from search import parser, shaping
from search.models import Synonyms
from search.query import plain_query
from search.synonyms import synonyms_change, synonyms_create, synonyms_remove
from search.thesaurus import Thesaurus
from tests.factories.forums import make_topic
from tests.factories.people import make_group, make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_user("sanne", is_agent=True)


@pytest.fixture
def say(staff):
    def run(rule: str) -> Synonyms:
        return synonyms_create(viewer=viewer(staff), rule=rule)

    return run


def known() -> Mapping:
    """What the next search of any process knows."""
    return shaping.looked_up(parser.parse("anything"))[1].thesaurus.table


def also(*rows: tuple[str, str], text: str) -> dict[str, tuple[str, ...]]:
    return {term.text: term.also for term in Thesaurus.of(rows).expanded(plain_query(text)).terms}


def test_equal_words_find_each_other_at_once_and_are_marked(find, say):
    # Words that no other test uses: Elasticsearch counts what was taken out for a while, and so how rare a word is.
    make_topic(title="Where did the canopy go", body="It was here.")
    make_topic(title="Lost: my awning frame")
    assert titles(find("canopy")) == ["Where did the canopy go"]
    row = say("Canopy, Awning Frame")

    assert titles(find("canopy")) == ["Where did the canopy go", "Lost: my awning frame"]
    found = find("awning frame")
    assert titles(found) == ["Lost: my awning frame", "Where did the canopy go"]
    assert "<mark>canopy</mark>" in found.items[1].title_html
    assert found.total == 2 and [choice.count for choice in found.facets[0].choices] == [2]

    synonyms_remove(viewer=viewer(make_user(is_agent=True)), synonyms=row)
    assert titles(find("canopy")) == ["Where did the canopy go"]


def test_one_way_leads_one_way_and_other_forms_of_a_word_are_met(find, say):
    make_topic(title="Thunder lamp does not dim")
    make_topic(title="My tl flickers")
    say("tl => thunder lamp")

    assert set(titles(find("tl"))) == {"Thunder lamp does not dim", "My tl flickers"}
    assert titles(find("thunder lamp")) == ["Thunder lamp does not dim"]
    say("cameras, viewer")
    make_topic(title="A viewer for the door")
    assert titles(find("camera")) == ["A viewer for the door"]


def test_quoted_words_and_what_is_left_out_mean_themselves(find, say):
    make_topic(title="Toolbar on the left")
    make_topic(title="Panel on the left")
    say("toolbar, panel")

    assert titles(find('"toolbar"')) == ["Toolbar on the left"]
    assert titles(find("left -toolbar")) == ["Panel on the left"]


def test_word_as_typed_comes_before_its_synonym_and_both_count_as_one_word(find, say):
    make_topic(title="Gateway basket")
    make_topic(title="Router basket")
    make_topic(title="Basket of gateway and router")
    say("router, gateway")

    assert titles(find("gateway basket"))[0] == "Gateway basket"
    assert titles(find("router basket"))[0] == "Router basket"
    assert find("router").total == 3


def test_hidden_thing_is_not_found_by_a_synonym(find, say):
    group = make_group("Insiders")
    insider = make_user()
    insider.groups.add(group)
    make_topic(space=make_space(audience="groups", groups=[group.pk]), author=insider, title="Secret prototype")
    say("beacon, prototype")

    assert titles(find("beacon", viewer=viewer(insider))) == ["Secret prototype"]
    assert find("beacon").total == 0


def test_synonym_of_several_words_stands_for_each_and_stop_words_in_it_count():
    assert also(("sign in", "login"), text="how to sign in twice") == {"sign": ("login",), "twice": ()}
    assert also(("sign in", "login"), text="sign the form") == {"sign": (), "form": ()}
    assert also(("wi fi, wlan", ""), text="slow wi-fi") == {"slow": (), "wi-fi": ("wlan",)}
    assert also(("fi, funk", ""), text="slow wi-fi") == {"slow": (), "wi-fi": ()}


def test_many_synonyms_have_a_bound():
    words = ", ".join(f"word{number}x" for number in range(50))

    terms = Thesaurus.of([(words, "")]).expanded(plain_query("word1x word2x word3x")).terms

    assert sum(len(term.also) for term in terms) == 60


def test_search_costs_the_same_statements_for_two_lines_as_for_many(find, say):
    make_topic(title="Where did the toolbar go")

    def count() -> int:
        find("toolbar")
        with CaptureQueriesContext(connection) as caught:
            find("toolbar")
        return len(caught)

    without = count()
    for number in range(20):
        say(f"toolbar{number}, panel{number}")
    say("toolbar, panel")

    assert count() == without


@pytest.mark.parametrize(("rule", "told"), [
    ("", "required"), ("toolbar", "at least two"), ("toolbar, x", "too short"), ("toolbar, ++", "too short"),
    ("toolbar, Toolbars", "same to search"), ("a => b => c", "once at most"), ("=> thing", "both sides"),
    ("thing =>", "both sides"), ("toolbar, it is", "nearly every text"),
    ("one two three four five six, bar", "too long"),
    (", ".join(f"word{number}" for number in range(51)), "more than 50"), ("x" * 1600, "1500"),
    ("bell, doorbell", "another line"), ("gong => chime", "circle"), ("tool \0 bar, panel", ""),
    ("ring => rings", "same to search"),
])
def test_bad_line_is_refused_by_field_and_kept_in_the_form(client: Client, say, staff, rule, told):
    say("bell, ringer")
    say("chime => gong tower")
    say("gong tower => gong")
    client.force_login(staff)

    answer = client.post("/search/synonyms/", {"rule": rule})

    assert answer.status_code == 400
    page = answer.content.decode()
    assert told in page and 'id="rule-error"' in page
    if 3 < len(rule) < 50 and rule.isprintable() and "=" not in rule:
        assert f'value="{rule}"' in page
    assert Synonyms.objects.count() == 3


def test_staff_add_change_and_remove_in_the_browser_and_it_is_audited(client: Client, staff):
    client.force_login(staff)
    assert 'value="lost word, "' in client.get("/search/synonyms/?words=lost%20word").content.decode()

    client.post("/search/synonyms/", {"rule": "Toolbar, bookmarks BAR"})
    row = Synonyms.objects.get()
    assert str(row) == "toolbar, bookmarks bar" and row.changed_by == staff
    assert "toolbar, bookmarks bar" in client.get(f"/search/synonyms/{row.pk}/").content.decode()
    client.post(f"/search/synonyms/{row.pk}/", {"rule": "toolbar, shelf"})
    assert known()[("toolbar",)] == ("shelf",)
    assert "find each other" in client.get("/search/synonyms/").content.decode()
    client.post(f"/search/synonyms/{row.pk}/remove/")

    assert not Synonyms.objects.exists() and not known()
    names = ["search.synonyms_added", "search.synonyms_changed", "search.synonyms_removed"]
    assert [e.name for e in Event.objects.filter(name__startswith="search.").order_by("pk")] == names


def test_for_others_there_are_no_synonyms_to_see_or_change(client: Client, say):
    row = say("toolbar, panel")
    client.force_login(make_user())

    for address in ("/search/synonyms/", f"/search/synonyms/{row.pk}/", f"/search/synonyms/{row.pk}/remove/"):
        assert client.post(address, {"rule": "x, y"}).status_code == 404
    assert client.get("/search/synonyms/").status_code == 404
    for call in (
        lambda nobody: synonyms_create(viewer=nobody, rule="one thing, other thing"),
        lambda nobody: synonyms_change(viewer=nobody, synonyms=row, rule="one thing, other thing"),
        lambda nobody: synonyms_remove(viewer=nobody, synonyms=row),
    ):
        with pytest.raises(NotAllowed):
            call(viewer(make_user()))
    assert Synonyms.objects.get() == row


def test_list_of_synonyms_costs_the_same_for_two_as_for_many(client: Client, say, staff, django_assert_max_num_queries):
    client.force_login(staff)

    def count() -> int:
        with django_assert_max_num_queries(30) as caught:
            client.get("/search/synonyms/")
        return len(caught)

    say("few one, few two")
    say("few three, few four")
    count()
    few = count()
    for number in range(20):
        say(f"more left {number}, more right {number}")

    assert count() == few
