"""Files of an archive beside the main ones: what hangs on posts, damaged rows, and files that are not as written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from community.forums.models import Poll, PollVote, Post, PostReaction
from community.forums.services.recount import recount_all
from tests.factories.archive import make_archive, reply_row, run_import, thread_row

pytestmark = pytest.mark.django_db
AT = "2024-01-02T05:00:00Z"


def reaction_row(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "thread": "1", "post": "r1", "reactions": [{"name": "heart", "by": "ada", "at": AT}]} | fields


def poll_row(**fields: Any) -> dict[str, Any]:
    options = [{"text": "Green", "votes": [{"by": "ada", "at": AT}, {"by": "bo"}]}, {"text": "Lime"}]
    return {"id": "1", "thread": "1", "question": "Which lamp?", "closes": AT, "options": options} | fields


def archive(folder: Path, **files: list[Any]) -> Path:
    return make_archive(folder, threads=[thread_row(1, replies=[reply_row(1)])], **files)


def notes(report) -> list[dict]:
    return [json.loads(line) for line in report.path.read_text().splitlines()]


def test_reactions_and_polls_when_imported_then_stand_at_their_posts_and_are_counted(tmp_path: Path) -> None:
    more = reaction_row(reactions=[{"name": name, "by": by} for name in ("heart", "tada") for by in ("ada", "bo")])
    report = run_import(archive(tmp_path, reactions=[more], polls=[poll_row()]))

    assert report.total("bad") == 0
    first, reply = Post.objects.order_by("number")
    assert (first.poll.question, first.has_poll, first.poll.voter_count, first.poll.is_open()) == (
        "Which lamp?", True, 2, False,
    )  # fmt: skip
    assert list(first.poll.options.values_list("text", "vote_count")) == [("Green", 2), ("Lime", 0)]
    assert reply.reactions == "heart:2 tada:2"
    counts = list(Post.objects.order_by("pk").values_list("reactions", "has_poll", "poll__voter_count"))
    recount_all()
    assert list(Post.objects.order_by("pk").values_list("reactions", "has_poll", "poll__voter_count")) == counts


def test_rows_when_they_come_again_with_more_then_it_is_added(tmp_path: Path) -> None:
    run_import(archive(tmp_path, reactions=[reaction_row()], polls=[poll_row()]))
    more = reaction_row(reactions=[{"name": "heart", "by": by, "at": AT} for by in ("ada", "bo", "cy")])

    report = run_import(archive(tmp_path, reactions=[more], polls=[poll_row(question="Another?")]))

    assert (report.counts["reactions"]["changed"], report.total("bad")) == (1, 0)
    assert Post.objects.get(number=2).reactions == "heart:3"
    assert Poll.objects.get().question == "Which lamp?"
    again = run_import(tmp_path)
    assert again.total("new", "changed", "bad") == 0
    assert (PostReaction.objects.count(), PollVote.objects.count()) == (3, 2)


BAD = {
    "no such thread": ("reactions", reaction_row(thread="99"), "post", "names nothing"),
    "no such reply": ("reactions", reaction_row(post="r99"), "post", "names nothing"),
    "no thread": ("reactions", reaction_row(thread=None), "thread", "missing"),
    "no emoji": ("reactions", reaction_row(reactions=[{"name": "x" * 30, "by": "ada"}]), "reactions[0].name", "emoji"),
    "nobody": ("reactions", reaction_row(reactions=[{"name": "heart"}]), "reactions[0].by", "missing"),
    "reactions is a number": ("reactions", reaction_row(reactions=3), "reactions", "must be a list"),
    "one option": ("polls", poll_row(options=[{"text": "Yes"}]), "options", "2 to 20"),
    "two of a kind": ("polls", poll_row(options=[{"text": "Yes"}, {"text": "yes"}]), "options", "the same"),
    "too many choices": ("polls", poll_row(most=3), "most", "1 to 2"),
    "endless": ("polls", poll_row(closes="9999-12-31T23:59:59Z"), "closes", "not between"),
    "no question": ("polls", poll_row(question=" "), "question", "empty"),
    "options of numbers": ("polls", poll_row(options=[1, 2]), "options[0]", "must be an object"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_row_when_imported_then_is_named_and_the_others_come_in(tmp_path: Path, name: str) -> None:
    file, row, field, why = BAD[name]
    good = poll_row(id="2", thread="2") if file == "polls" else reaction_row(id="2", thread="2", post=None)
    folder = make_archive(tmp_path, threads=[thread_row(1, replies=[reply_row(1)]), thread_row(2)],
                          **{file: [row | {"id": "9"}, good]})  # fmt: skip

    report = run_import(folder)

    [note] = notes(report)
    assert (note["file"], note["line"], note["field"]) == (f"{file}.jsonl", 1, field)
    assert why in note["why"]
    assert (report.counts[file]["new"], report.counts[file]["bad"]) == (1, 1)
    assert Poll.objects.count() + PostReaction.objects.count() == 1


def test_dry_run_when_asked_for_then_writes_nothing(tmp_path: Path) -> None:
    report = run_import(archive(tmp_path, reactions=[reaction_row()], polls=[poll_row()]), is_dry=True)

    assert (report.counts["reactions"]["new"], report.counts["polls"]["new"]) == (1, 1)
    assert not Post.objects.exists()


def test_batch_when_imported_then_the_number_of_statements_does_not_grow(tmp_path: Path, django_assert_max_num_queries):
    def files(count: int) -> dict[str, list]:
        spots = [{"id": str(n), "thread": str(n), "post": f"r{n}"} for n in range(count)]
        return {
            "reactions": [reaction_row(**spot) for spot in spots], "polls": [poll_row(**spot) for spot in spots],
        }  # fmt: skip

    run_import(make_archive(tmp_path, threads=[thread_row(n, replies=[reply_row(n)]) for n in range(40)]))

    with django_assert_max_num_queries(90):
        report = run_import(make_archive(tmp_path, **files(40)), only=("reactions", "polls"))
    assert report.total("new") == 80


@pytest.mark.parametrize("damage", ["cut", "edited", "missing", "no manifest", "broken manifest"])
def test_archive_when_a_file_is_not_as_it_was_written_then_that_is_said(tmp_path: Path, damage: str) -> None:
    from tests.factories.forums import make_topic

    make_topic(title="Why does it flicker?")
    make_topic(title="Why does it hum?")
    folder = tmp_path / "out"
    call_command("export_archive", str(folder), stdout=(tmp_path / "said").open("w"))
    threads, manifest = folder / "threads.jsonl", folder / "archive.json"
    match damage:
        case "cut":
            threads.write_bytes(threads.read_bytes()[:-9])
        case "edited":
            threads.write_text(threads.read_text().replace("hum", "hiss"))
        case "missing":
            threads.unlink()
        case "no manifest":
            manifest.unlink()
        case "broken manifest":
            manifest.write_text('{"files": [1')

    with (tmp_path / "told").open("w") as told:
        call_command("import_archive", str(folder), source="moved", dry_run=True, stdout=told)

    said = (tmp_path / "told").read_text()
    wanted = {"cut": "threads.jsonl is not as it was written", "edited": "threads.jsonl is not as it was written",
              "missing": "threads.jsonl is missing", "broken manifest": "archive.json cannot be read"}  # fmt: skip
    assert wanted.get(damage, "") in said
    assert ("Mind:" in said) == (damage in wanted)


def test_export_when_asked_for_what_is_public_and_private_then_says_to_choose(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Choose --public or --private"):
        call_command("export_archive", str(tmp_path / "out"), public=True, private=True)


def test_export_when_it_goes_into_an_older_one_then_nothing_of_that_stays(tmp_path: Path) -> None:
    from tests.factories.forums import make_topic

    make_topic()
    for options in ({"gzip": True, "private": True}, {"public": True}):
        call_command("export_archive", str(tmp_path / "out"), stdout=(tmp_path / "said").open("w"), **options)

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert "threads.jsonl" in names and "reactions.jsonl" not in names
    assert not any(name.endswith((".gz", ".part")) for name in names)
