"""What changed, line by line, and that a hostile text costs no time."""

from __future__ import annotations

import time

import pytest

from knowledge.selectors.contents import headings_of
from knowledge.selectors.diff import lines_changed

pytestmark = pytest.mark.once


def test_lines_changed_shows_changes_with_three_lines_around_them():
    before = [f"line {n}" for n in range(20)]
    after = [*before[:10], "new words", *before[11:]]

    lines = [(line.kind, line.text) for line in lines_changed("\n".join(before), "\n".join(after))]

    assert lines == [
        ("gap", ""),
        ("same", "line 7"),
        ("same", "line 8"),
        ("same", "line 9"),
        ("removed", "line 10"),
        ("added", "new words"),
        ("same", "line 11"),
        ("same", "line 12"),
        ("same", "line 13"),
        ("gap", ""),
    ]


def test_lines_changed_of_equal_texts_is_empty():
    assert lines_changed("same", "same") == []


def test_lines_changed_when_a_text_is_new_or_gone_then_no_empty_line_stands_for_none():
    assert [(line.kind, line.text) for line in lines_changed("", "one\n\ntwo")] == [
        ("added", "one"), ("added", ""), ("added", "two"),
    ]  # fmt: skip
    assert [line.kind for line in lines_changed("one", "")] == ["removed"]
    assert lines_changed("", "") == []


def test_lines_changed_when_a_browser_sent_its_line_ends_then_only_the_words_count():
    lines = [(line.kind, line.text) for line in lines_changed("one\n\ntwo", "one\r\n\r\nthree")]

    assert lines == [("same", "one"), ("same", ""), ("removed", "two"), ("added", "three")]
    assert lines_changed("one\ntwo", "one\r\ntwo") == []


def test_lines_changed_of_hostile_texts_is_quick():
    many = "\n".join(f"{n % 100}" for n in range(66_000))
    other = "\n".join(f"{(n * 7) % 100}" for n in range(66_000))
    tricky = "\n".join(str(n % 110) for n in range(990))
    shuffled = "\n".join(str((n * 37) % 110) for n in range(990))

    start = time.process_time()
    assert lines_changed(many, other)
    assert lines_changed(tricky, shuffled)

    assert time.process_time() - start < 60  # seconds of this process; it would be many minutes


def test_headings_of_few_headings_is_nothing_and_of_many_has_two_levels():
    few = '<h2 id="h-a">A</h2><h2 id="h-b">B</h2>'

    assert headings_of(few) == []
    found = headings_of(few + '<h3 id="h-c"><em>C</em> &amp; d</h3>')
    assert [(heading.anchor, heading.text, heading.is_deep) for heading in found] == [
        ("h-a", "A", False),
        ("h-b", "B", False),
        ("h-c", "C & d", True),
    ]
