"""Rows that cannot be taken in: each named by line and field, none stored by half, the others all there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from accounts.models import User
from community.forums.models import Post, Topic
from knowledge.models import ArticlePage
from tests.factories.archive import article_row, make_archive, reply_row, run_import, thread_row

pytestmark = pytest.mark.django_db


def notes(report) -> list[dict]:
    return [json.loads(line) for line in report.path.read_text().splitlines()]


BAD_LINES = {
    "no JSON": (b"{'id': 1}", "", "not JSON"),
    "no object": (b"[1]", "", "not a JSON object"),
    "bad UTF-8": (b'{"id": "\xff\xfe"}', "", "not UTF-8"),
    "too deep": (b"[" * 100_000, "", "nested too deeply"),
    "a number of 5,000 digits": (b'{"id": ' + b"9" * 5_000 + b"}", "", "not JSON"),
    "6 MB": (json.dumps(thread_row(2, html="x" * 6_000_000)).encode(), "", "longer than"),
}
BAD_ROWS = {
    "no id": ({"id": None}, "id", "missing"),
    "id is a list": ({"id": [1]}, "id", "must be a text"),
    "no title": ({"title": None}, "title", "missing"),
    "empty title": ({"title": "  "}, "title", "empty"),
    "title is a number": ({"title": 5}, "title", "must be a text"),
    "title of 3,000": ({"title": "t" * 3_000}, "title", "the most is"),
    "NUL": ({"title": "a\x00bcdefg"}, "title", "NUL"),
    "lone surrogate": ({"title": "a\ud800bcdefg"}, "title", "half of a character"),
    "hidden direction marks in the title": ({"title": "Lamp \u202eoff now"}, "title", "cannot be shown"),
    "no text": ({"html": None}, "body", "missing"),
    "text without words": ({"html": "<p> </p>"}, "html", "no words"),
    "text of 200,001": ({"html": "a" * 200_001}, "html", "the most is 200,000"),
    "Markdown of 200,001": ({"html": None, "body": "a" * 200_001}, "body", "the most is 200,000"),
    "html of 400,001": ({"html": "<b>" * 133_334}, "html", "the most is 400,000"),
    "control characters in Markdown": ({"html": None, "body": "a\x07b"}, "body", "cannot be shown"),
    "no time": ({"created": None}, "created", "missing"),
    "bad time": ({"created": "yesterday"}, "created", "is no time"),
    "time before computers": ({"created": "0001-01-01T00:00:00Z"}, "created", "not between"),
    "time to come": ({"created": "9999-12-31T23:59:59-23:59"}, "created", "not between"),
    "author is an object": ({"author": {"name": "x"}}, "author", "must be a text"),
    "tags is a text": ({"tags": "a,b"}, "tags", "must be a list"),
    "a tag is a number": ({"tags": [5]}, "tags.0", "must be a text"),
    "votes below 0": ({"votes": -1}, "votes", "from 0"),
    "votes is true": ({"votes": True}, "votes", "whole number"),
    "replies is an object": ({"replies": {}}, "replies", "must be a list"),
    "a reply is a text": ({"replies": ["hello"]}, "replies[0]", "must be an object"),
    "a reply without type": ({"replies": [reply_row(1), reply_row(2, html=7)]}, "replies[1].html", "must be a text"),
    "a reply twice": ({"replies": [reply_row(1), reply_row(1)]}, "replies[1].id", "twice"),
    "a kind unknown": ({"kind": "poem"}, "kind", "must be one of"),
    "spam as a word": ({"is_spam": "no"}, "is_spam", "true or false"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_bad_line_when_imported_then_is_named_and_the_others_come_in(tmp_path: Path, name: str) -> None:
    line, field, why = BAD_LINES[name]

    report = run_import(make_archive(tmp_path, threads=[thread_row(1), line, thread_row(3)]))

    assert (report.counts["threads"]["new"], report.counts["threads"]["bad"]) == (2, 1)
    [note] = notes(report)
    assert (note["file"], note["line"], note["field"]) == ("threads.jsonl", 2, field)
    assert why in note["why"]


@pytest.mark.parametrize("name", BAD_ROWS)
def test_bad_row_when_imported_then_is_named_and_nothing_of_it_is_stored(tmp_path: Path, name: str) -> None:
    fields, field, why = BAD_ROWS[name]
    rows = [thread_row(1, author="ada"), thread_row(2, **{"author": "ada", **fields}), thread_row(3, author="ada")]
    folder = make_archive(tmp_path, threads=rows)

    dry, report = run_import(folder, is_dry=True), run_import(folder)

    assert dry.counts == report.counts
    assert (report.counts["threads"]["new"], report.counts["threads"]["bad"]) == (2, 1)
    [note] = notes(report)
    assert (note["line"], note["field"]) == (2, field)
    assert why in note["why"]
    assert Topic.objects.count() == Post.objects.count() == 2


def test_bad_category_when_imported_then_spoils_only_its_own_row(tmp_path: Path) -> None:
    rows = [thread_row(1), thread_row(2, category="a\u202eb"), thread_row(3, category="other")]

    report = run_import(make_archive(tmp_path, threads=rows))

    assert (report.counts["threads"]["new"], report.counts["threads"]["bad"]) == (2, 1)
    assert report.counts["spaces"]["new"] == 2


def test_strange_names_when_imported_then_become_people(tmp_path: Path) -> None:
    names = ["\u200b", "名無し", "a" * 150, "...", "Anna B", "anna-b", "ANNA-B", "\u202eevil"]

    run_import(make_archive(tmp_path, members=[{"username": name} for name in names]))

    names_here = User.objects.values_list("imported_from", "username")
    people = {key.removeprefix("old:member:"): name for key, name in names_here}
    assert people["\u200b"] == "member"
    assert people["名無し"] == "名無し"
    assert [people[name] for name in ("Anna B", "anna-b", "ANNA-B")] == ["Anna-B", "anna-b-2", "ANNA-B-3"]
    assert all(user.display_name for user in User.objects.all())


def test_article_rows_when_bad_then_are_named(tmp_path: Path) -> None:
    rows = [article_row(), article_row("x", title="t" * 201), article_row("y", html=""), {"slug": "z"}]

    report = run_import(make_archive(tmp_path, articles=rows))

    assert ArticlePage.objects.count() == 1
    assert [(note["line"], note["field"]) for note in notes(report)] == [(2, "title"), (3, "html"), (4, "title")]


def test_archive_that_is_cut_off_when_imported_then_gives_what_it_holds(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps(thread_row(n, html=f"<p>{n * 7919 % 10_007} {n}</p>")) for n in range(2_000))
    packed = gzip.compress(rows.encode())
    (tmp_path / "threads.jsonl.gz").write_bytes(packed[: len(packed) // 2])

    report = run_import(tmp_path)

    assert report.counts["threads"]["new"] > 100
    assert report.counts["threads"]["bad"] == 1
    assert "cannot be read further" in notes(report)[0]["why"]


def test_empty_replies_when_imported_then_are_left_out_and_noted(tmp_path: Path) -> None:
    rows = [thread_row(1, replies=[reply_row(1, html="<p></p>"), reply_row(2)])]

    report = run_import(make_archive(tmp_path, threads=rows))

    assert report.counts["replies"]["new"] == 1
    [note] = notes(report)
    assert (note["field"], note["bad"]) == ("replies[0]", False)
