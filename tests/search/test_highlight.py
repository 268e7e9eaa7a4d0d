"""Words marked in titles and excerpts: whatever their ending, case and accents, and nothing else."""

from __future__ import annotations

import random

import pytest

from search import analysis, highlight

pytestmark = pytest.mark.once


def test_other_endings_case_and_accents_are_marked():
    marked = highlight.marked("Batteries: the BATTERY of the Café-lamp, not its batter", ["battery", "cafe"])

    assert marked == ("<mark>Batteries</mark>: the <mark>BATTERY</mark> of the <mark>Café</mark>-lamp, not its batter")


def test_word_inside_another_is_not_marked():
    assert "<mark>" not in highlight.marked("The thub and a scrub", ["hub", "rub"])


def test_every_word_of_a_stem_is_found_and_no_other():
    """Against looking at each word: the quick search for beginnings must not lose or invent one."""
    letters = random.Random(5)
    for _ in range(2_000):
        text = "".join(letters.choices("abcs yeéßİ'’ .-_inged", k=40))
        words = tuple("".join(letters.choices("abcsyeing", k=letters.randint(1, 6))) for _ in range(3))
        stems = {analysis.stem(word) for word in words}
        found = {
            (match.start(), match.end())
            for match in highlight._WORD.finditer(text)
            if analysis.stem(analysis.fold(match[0])) in stems
        }
        places = highlight._places(text, highlight.Sought(words))
        assert {(start, end) for start, end, _number in places} == found


@pytest.mark.parametrize(
    ("language", "text", "asked", "marked"),
    [
        ("de", "Alle Häuser", "haus", "Alle <mark>Häuser</mark>"),
        ("de-at", "Die Batterien der Lampen", "lampe", "Die Batterien der <mark>Lampen</mark>"),
        ("es", "El sensor conectado", "conectada", "El sensor <mark>conectado</mark>"),
        ("fr", "Les éclairages du soir", "eclairage", "Les <mark>éclairages</mark> du soir"),
        ("it", "Gli interruttori", "interruttore", "Gli <mark>interruttori</mark>"),
        ("nl", "Twee brieven, een kat", "brief katten", "Twee <mark>brieven</mark>, een <mark>kat</mark>"),
        ("pt", "Os sensores desligados", "desligada", "Os sensores <mark>desligados</mark>"),
        ("cs", "Obě lampy svítí", "lampa", "Obě <mark>lampy</mark> svítí"),
        ("de", "Der Hub meldet errors", "error hubs", "Der <mark>Hub</mark> meldet <mark>errors</mark>"),
        ("en", "Alle Häuser", "haus", "Alle Häuser"),
        ("ja", "Alle Häuser", "haus", "Alle Häuser"),
    ],
)
def test_words_are_marked_as_the_language_of_the_text_forms_them(language, text, asked, marked):
    assert highlight.marked(text, asked.split(), language) == marked
    assert highlight.excerpt(["", text], asked.split(), language=language) == marked
