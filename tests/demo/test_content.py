"""The content files by themselves: they hold to their form before anything is loaded."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from community.forums.kinds import SOLVABLE
from config.demo.ages import BadAge, moment, span
from config.demo.files import BadContent, Document, Entry, documents, table
from config.demo.links import pages

pytestmark = pytest.mark.once

NOW = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
THREADS = ("topics", "ideas", "cases")


def joined() -> dict[str, datetime]:
    return {row["username"]: moment(row["joined"], now=NOW) for row in table("people")["person"]}


@pytest.mark.parametrize("folder", THREADS)
def test_threads_are_written_by_known_people_after_they_joined(folder):
    people = joined()

    for document in documents(folder):
        for entry, at in zip(document.entries, document.times(NOW), strict=True):
            assert entry.username in people, f"{document.key}: {entry.username}"
            assert at >= people[entry.username], f"{document.key}: {entry.username} wrote before joining"


@pytest.mark.parametrize("folder", THREADS)
def test_threads_spread_over_the_past_year(folder):
    times = [at for document in documents(folder) for at in document.times(NOW)]

    assert max(times) <= NOW
    assert min(times) > moment("380d", now=NOW)


def test_solutions_point_at_replies_of_questions():
    for document in documents("topics"):
        solved = document.number("solved")
        if solved is not None:
            assert document.head.get("kind", "question") in SOLVABLE, document.key
            assert 1 < solved <= len(document.entries), document.key


def test_keys_are_unique_where_links_need_them():
    for kind in ("article", "wiki"):
        folder = "articles" if kind == "article" else "wiki"
        assert len(pages(kind)) == len(documents(folder))
    keys = [document.key for folder in ("topics", "ideas") for document in documents(folder)]
    assert len(keys) == len(set(keys))


def test_texts_hold_no_filler_and_no_private_addresses():
    for folder in (*THREADS, "articles", "wiki"):
        for document in documents(folder):
            text = document.text + " ".join(entry.body for entry in document.entries)
            assert not re.search(r"lorem ipsum", text, re.IGNORECASE), document.key
            for host in re.findall(r"https?://([\w.-]+\.[a-z]{2,})", text):
                assert host.endswith((".example", ".lan")), f"{document.key}: {host}"


def test_ages_when_written_well_become_times():
    before = datetime(2031, 5, 1, tzinfo=UTC)

    assert moment("2d 3h ago", now=NOW) == NOW - span("51h")
    assert moment("+90m", now=NOW, before=before) == datetime(2031, 5, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "3 weeks", "+2h", "d"])
def test_ages_when_written_badly_are_refused(text):
    with pytest.raises(BadAge):
        moment(text, now=NOW)


def test_times_when_out_of_order_are_refused():
    entries = (Entry("mara", "2d ago", "First"), Entry("tobi", "3d ago", "Earlier"))

    with pytest.raises(BadContent, match="follow one another"):
        Document(key="bad", folder="devices", head={}, entries=entries).times(NOW)
