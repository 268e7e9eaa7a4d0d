"""A text is read by the rules of its own language: other forms of its words are found."""

from __future__ import annotations

import pytest
from django.db import connection

from search import languages
from search.engines.elastic_ways import kind_searches
from search.parser import parse
from tests.factories.forums import make_topic
from tests.factories.knowledge import make_article
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
    ],
)
def test_tag_is_a_language_unless_the_text_is_plainly_english(tag, text, language):
    assert languages.tagged(["lamp", tag], text) == language


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
