"""Words marked in titles and excerpts: whatever their ending, case and accents, and nothing else."""

from __future__ import annotations

import random

import pytest

from search import analysis, highlight
from search.parser import parse

pytestmark = pytest.mark.once


def test_other_endings_case_and_accents_are_marked():
    marked = highlight.marked("Batteries: the BATTERY of the Café-lamp, not its batter", ["battery", "cafe"])

    assert marked == ("<mark>Batteries</mark>: the <mark>BATTERY</mark> of the <mark>Café</mark>-lamp, not its batter")


def test_word_inside_another_is_not_marked():
    assert "<mark>" not in highlight.marked("The thub and a scrub", ["hub", "rub"])


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("4 hubs, 2 lamps, 1 valve", "4.2.1", "4 hubs, 2 lamps, 1 valve"),
        ("Since v4.2.1 and 4.2.1: 14.2.1, 4.2.10", "4.2.1", "Since v4.2.1 and <mark>4.2.1</mark>: 14.2.1, 4.2.10"),
        ("Two E-Mails by mail", "e-mail", "Two <mark>E-Mails</mark> by mail"),
        ("ERR_TIMED_OUT: it timed out", "err_timed_out", "<mark>ERR_TIMED_OUT</mark>: it timed out"),
        ("Wi-Fi 6 & Wi — no Fi", "wi-fi 6", "<mark>Wi-Fi 6</mark> &amp; Wi — no Fi"),
        ("Version 4.2.1 is 1", "4.2.1 1", "Version <mark>4.2.1</mark> is <mark>1</mark>"),
    ],
)
def test_words_joined_in_one_are_marked_together_and_not_alone(text, asked, marked):
    words = parse(asked).words

    assert highlight.marked(text, words) == marked
    assert highlight.excerpt([text], words) == marked


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
