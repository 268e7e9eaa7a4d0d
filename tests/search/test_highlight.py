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
        stems = {analysis.stem("".join(letters.choices("abcsyeing", k=letters.randint(1, 6)))) for _ in range(3)}
        found = {
            (match.start(), match.end())
            for match in highlight._WORD.finditer(text)
            if analysis.stem(analysis.fold(match[0])) in stems
        }
        assert {(start, end) for start, end, _stem in highlight._places(text, stems)} == found
