"""A text is read by the rules of its own language: other forms of its words are found."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from accounts.models import Audience
from accounts.uploads.markup import markdown_for
from accounts.viewer import system_viewer
from community.forums.services import topic_move
from community.spaces.services import member_add, space_change
from search import compounds, languages
from search.engines import entries
from search.engines.elastic_ways import kind_searches
from search.models import Entry, TitleWordToken
from search.parser import parse
from tests.factories.forums import make_reply, make_topic
from tests.factories.ideas import make_idea
from tests.factories.knowledge import make_article, make_section, make_wiki_page
from tests.factories.people import make_user, viewer
from tests.factories.snippets import make_snippet
from tests.factories.spaces import make_space
from tests.factories.uploads import make_upload, text_file
from tests.search.conftest import titles

pytestmark = pytest.mark.django_db

FORMS = [
    ("de", "Alle Lampen blinken nachts", "Lampe"), ("es", "El sensor no queda conectado", "conectada"),
    ("fr", "Plus d’éclairages le soir", "eclairage"), ("it", "Gli interruttori non rispondono", "interruttore"),
    ("nl", "Alle lampen knipperen", "lamp"), ("pt", "O sensor fica desligado", "desligada"),
]


@pytest.mark.parametrize(("language", "title", "asked"), FORMS, ids=[form[0] for form in FORMS])
def test_other_form_of_a_word_is_found_in_its_language(find, language, title, asked):
    make_article(title=title, body="…", summary="…", language=language)
    make_article(title="Something in English", body="Nothing.", summary="…")

    found = find(asked)

    assert (titles(found), found.total) == ([title], 1)
    assert found.items[0].title_html.count("<mark>") == 1


def test_czech_forms_are_found_where_there_are_rules_for_them(engine, find):
    if engine.name == "database" and connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has no rules for Czech")
    make_article(title="Lampa nesvítí", body="…", summary="…", language="cs")

    assert titles(find("lampy")) == ["Lampa nesvítí"]


def test_topic_takes_its_language_from_its_tag_and_a_code_with_a_country_counts(find):
    make_topic(title="Alle Lampen blinken", body="Warum?", tags=["de"])
    make_article(title="O sensor fica desligado", body="…", summary="…", language="pt-br")

    assert titles(find("lampe")) == ["Alle Lampen blinken"]
    assert titles(find("desligada")) == ["O sensor fica desligado"]


@pytest.mark.parametrize(
    ("tag", "text", "language"),
    [
        ("it", "What is the budget of an IT team and how would you plan it?", "en"),
        ("it", "Gli interruttori non rispondono: the lamp is on.", "it"),
        ("it", "Interruttore", "it"),
        ("cs", "The course of this term", "en"),
        ("de-at", "Der Hub meldet ERR_TIMED_OUT, was ist das?", "de-at"),
        ("hub", "Der Hub ist nicht da", "en"),
        ("it-security", "Gli interruttori non rispondono", "en"),
    ],
)
def test_tag_is_a_language_unless_the_text_is_plainly_english(tag, text, language):
    assert languages.told(text, tags=["lamp", tag]) == language


@pytest.mark.parametrize(
    ("place", "tags", "text", "language"),
    [
        ("de", [], "Alle Lampen blinken", "de"),
        ("de", ["fr"], "Les lampes clignotent", "fr"),
        ("de", ["en"], "Lamp blinks", "en"),
        ("de", [], "The lamp is on and I do not know what this is", "en"),
        ("pl", [], "Lampa nie świeci się od wczoraj wieczorem", "pl"),
        ("pl", [], "What is the reason that the lamp is not on?", "en"),
        ("", ["pt-br"], "Sensor desligado", "pt-br"),
    ],
)
def test_place_is_what_a_text_is_in_unless_a_tag_says_otherwise_or_it_is_plainly_english(place, tags, text, language):
    assert languages.told(text, tags=tags, place=place) == language


def test_what_stands_in_a_space_is_read_in_its_language_and_anew_when_that_changes(find, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    space, author = make_space(language="de"), make_user()
    make_topic(space=space, title="Alle Lampen blinken", body="Warum?")
    make_idea(space=space, title="Leuchtende Lampen", body="Bitte.")
    make_snippet(space=space, title="Lampen schalten")
    note = make_upload(owner=author, file=text_file("notiz.txt", "Hier leuchten Lampen"))
    make_topic(space=space, author=author, title="Mit Notiz", body=markdown_for(note))
    named = {"Alle Lampen blinken", "Leuchtende Lampen", "Lampen schalten", "notiz.txt"}
    assert set(titles(find("lampe"))) == named

    for language, read in (("", "en"), ("fr", "fr"), ("de", "de")):
        space_change(viewer=system_viewer(), space=space, language=language)
        found = find("lampen", kind=["topic", "idea", "snippet", "attachment"])
        told = set(Entry.objects.filter(is_deleted=False, container=space.slug).values_list("language", flat=True))
        assert (set(titles(found)), told) == (named, {read})
    assert set(titles(find("lampe"))) == named


def test_wiki_page_is_read_in_the_language_of_its_section_and_anew_when_that_changes(find):
    section = make_section(index="wiki", language="de")
    make_wiki_page(section, title="Alle Lampen", body="…")
    assert titles(find("lampe")) == ["Alle Lampen"]

    for language in ("", "cs"):
        section.language = language
        section.save_revision().publish()
        find()
        assert Entry.objects.get(kind="wiki").language == (language or "en")


def test_article_that_names_no_language_is_read_in_that_of_its_section_and_anew_when_that_changes(find):
    section = make_section(index="kb", language="de")
    make_article(section, title="Alle Lampen", body="…", summary="…", language="")
    make_article(section, title="Alle lampen aan", body="…", summary="…", language="nl")
    make_article(section, title="How to mend it", body="What you have to do when the lamp is out.", summary="…")

    for language, read in (("de", "de"), ("", "en"), ("cs", "cs")):
        section.language = language
        section.save_revision().publish()
        find()
        told = dict(Entry.objects.filter(kind="article").values_list("title", "language"))
        assert told == {"Alle Lampen": read, "Alle lampen aan": "nl", "How to mend it": "en"}


def test_pages_say_what_language_a_text_is_in_where_it_is_not_their_own(client, find):
    space, section = make_space(language="de", slug="hier"), make_section(index="kb", language="de")
    topic = make_topic(space=space, title="Alle Lampen blinken", body="Warum ist das so und was hilft mir?")
    make_reply(topic, body="What have you done to it? There is not much that I can say.")
    make_idea(space=space, title="Leuchtende Lampen", body="Bitte.")
    article = make_article(section, title="Wenn Lampen blinken", body="Dann ist es aus.", summary="Alle Lampen aus.")
    make_topic(title="Lampen in English", body="What is that?")
    find()

    page = client.get(topic.get_absolute_url()).content.decode()
    assert '<h1 lang="de">Alle Lampen blinken' in page
    assert page.count('<div class="prose" lang="de">') == 1 and page.count('<div class="prose">') == 1
    assert ' lang="de">Alle Lampen blinken' in client.get("/s/hier/").content.decode()
    assert '<h2 lang="de"><a' in client.get("/ideas/").content.decode()
    text = client.get(article.get_absolute_url()).content.decode()
    assert '<h1 lang="de">' in text and '<div class="prose" lang="de">' in text
    assert '<h2 lang="de"><a' in client.get(section.get_absolute_url()).content.decode()
    results = client.get("/search/", {"q": "lampen"}).content.decode()
    assert results.count('<h2 lang="de"><a') == 3
    assert re.search(r"<h2><a [^>]*><mark>Lampen</mark> in English", results)


@pytest.mark.parametrize(("word", "end", "is_one"), [
    ("turklingel", "klingel", True), ("turklingeln", "klingel", True), ("klingelton", "klingel", False),
    ("verstand", "stand", False), ("kontostand", "stand", True), ("abstand", "stand", False),
    ("klingel", "klingel", False),
])  # fmt: skip
def test_compound_is_something_with_the_word_at_its_end_and_more_than_a_prefix_before(word, end, is_one):
    assert compounds.is_compound(word, end, compounds.ENDING) is is_one


def test_compound_is_found_by_the_word_at_its_end_after_what_says_the_word(find):
    space = make_space(language="de")
    make_topic(space=space, title="Firmwareaktualisierung schlägt fehl", body="Warum?")
    make_topic(space=space, title="Türklingeln schalten", body="Wie geht das?")
    make_topic(space=space, title="Aktualisierung am Abend", body="Warum?")

    assert titles(find("Aktualisierung")) == ["Aktualisierung am Abend", "Firmwareaktualisierung schlägt fehl"]
    found = find("Klingel")
    assert titles(found) == ["Türklingeln schalten"] and "<mark>" in found.items[0].title_html
    assert find('"klingel"').total == 0, "quoted words mean themselves"


def test_compound_of_a_hidden_title_finds_nothing_that_would_not_be_found_without_it(find):
    opened = make_space(language="de")
    topic = make_topic(space=opened, title="Nachtklingel kommt bald")
    make_topic(space=opened, title="Was ist das?", body="Wer kennt die Nachtklingel?")
    assert sorted(titles(find("Klingel"))) == ["Nachtklingel kommt bald", "Was ist das?"]

    closed = make_space(language="de", audience=Audience.GROUPS)
    topic_move(viewer=system_viewer(), topic=topic, space=closed)
    find()
    entries.forget_words()
    assert find("Klingel").total == 0

    another = make_topic(space=opened, title="Noch eine Nachtklingel")
    topic_move(viewer=system_viewer(), topic=another, space=closed)
    assert find("Klingel").total == 0
    assert find("Nachtklingel").total == 1


def insider_of(space):
    user = make_user()
    member_add(viewer=system_viewer(), space=space, user=user)
    return viewer(user)


def test_compound_of_a_title_for_some_is_found_by_them_and_tells_the_others_nothing(find):
    """The others see a text that says the word, but no title: that they find it so would tell of the hidden title."""
    inner, outer = (make_space(language="de", audience=Audience.GROUPS) for _ in "io")
    author = make_user(is_superuser=True)
    topic = make_topic(space=inner, author=author, title="Die Nachtklingel kommt bald", body="Wann?")
    for space in (inner, outer):
        make_topic(space=space, author=author, title="Was ist das?", body="Die Nachtklingel.")
    insider, outsider = (insider_of(space) for space in (inner, outer))
    assert len(titles(find("Klingel", viewer=insider))) == 2
    assert find("Klingel", viewer=outsider).total == 0
    assert titles(find("Nachtklingel", viewer=outsider)) == ["Was ist das?"]

    topic_move(viewer=system_viewer(), topic=topic, space=outer)
    find()
    entries.forget_words()
    assert find("Klingel", viewer=insider).total == 0
    assert len(titles(find("Klingel", viewer=outsider))) == 2


def test_compounds_of_titles_for_some_are_learnt_daily_where_they_were_indexed_before(find):
    space = make_space(language="de", audience=Audience.GROUPS)
    author = make_user(is_superuser=True)
    make_topic(space=space, author=author, title="Die Nachtklingel kommt bald", body="Wann?")
    find()
    TitleWordToken.objects.all().delete()
    entries.forget_words()
    told = set(TitleWordToken.objects.values_list("word__word", "token"))
    assert told == {("nachtklingel", f"space:{space.pk}")}
    assert titles(find("Klingel", viewer=insider_of(space))) == ["Die Nachtklingel kommt bald"]


def test_compounds_are_looked_for_only_where_such_a_language_is_held(db, django_assert_num_queries):
    make_topic(title="Doorbells for flats", body="What is that?")
    languages.held()

    with django_assert_num_queries(0):
        assert compounds.expanded(parse("bells"), frozenset({"public"})) == parse("bells")


@pytest.mark.parametrize(("locale", "code"), [("pt_BR", "pt-br"), ("de-DE", "de"), ("xx", ""), ("", ""), ("de", "de")])
def test_locale_of_another_system_is_the_nearest_language_that_is_known(locale, code):
    assert languages.near_to(locale) == code


def test_topic_that_moves_takes_the_language_of_where_it_goes(find):
    topic = make_topic(title="Alle Lampen blinken", body="Warum?")
    space = make_space(language="de")
    find()

    topic_move(viewer=viewer(make_user(is_moderator=True)), topic=topic, space=space)

    assert titles(find("lampe")) == ["Alle Lampen blinken"]
    assert Entry.objects.get(kind="topic").language == "de"


def test_language_is_chosen_beside_the_results_where_spaces_are_in_several(find):
    make_topic(space=make_space(language="de"), title="Lampen im Garten", body="…")
    make_topic(space=make_space(language="pl"), title="Lampen w ogrodzie", body="…")
    make_topic(title="Lampen in the garden", body="…")

    facet = next(facet for facet in find("lampen").facets if facet.name == "language")

    assert {(choice.value, choice.label, choice.count) for choice in facet.choices} == {
        ("de", "Deutsch", 1), ("pl", "Polski", 1), ("en", "English", 1),
    }  # fmt: skip
    assert titles(find("lampen", language=["pl"])) == ["Lampen w ogrodzie"]


def test_words_of_a_text_are_forgotten_with_it_in_every_language(find):
    article = make_article(title="Alle Lampen blinken", body="…", summary="…", language="de")
    make_article(title="Other lampern", body="Nothing.", summary="…")
    assert titles(find("lampe")) == ["Alle Lampen blinken"]

    article.title = "Alle Tassen"
    article.save_revision().publish()
    assert (titles(find("lampe")), titles(find("tasse"))) == ([], ["Alle Tassen"])

    article.delete()
    assert titles(find("tasse")) == []


def test_names_and_foreign_words_stay_findable_in_every_language(find):
    make_article(title="Firmware 4.2.1 für den Hub einspielen", body="Siehe ERR_TIMED_OUT.", summary="…", language="de")

    for text in ("firmware", "4.2.1", "ERR_TIMED_OUT", '"den hub"', "fur"):
        assert len(titles(find(text))) == 1, text


def test_community_of_one_language_asks_for_no_other(engine, find):
    make_article(title="Something in English", body="Nothing.", summary="…")
    find("something")
    assert languages.own_held() == ()

    make_article(title="Alle Lampen blinken", body="…", summary="…", language="de")
    find("something")
    assert languages.own_held() == ("de",)


def test_query_looks_into_a_language_only_where_the_index_holds_it():
    asked = str(kind_searches(parse("lamp"), ["public"], size=5))

    assert "title^3" in asked and "de.title" not in asked
