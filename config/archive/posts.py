"""What every post of a thread has, the first one too: earlier versions, voters, addresses; people are still names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from community.forums.services.archive import ReplyRow
from community.forums.services.archive_marks import EditRow, Marks
from config.archive.content import LONGEST, markdown_of
from config.archive.fields import Row
from config.archive.people import Authors

Names = Iterator[tuple[str, datetime | None]]
_NAME: Final = 150


@dataclass(slots=True)
class Edit:
    """An earlier version: its text, and who replaced it when."""

    body: str
    title: str
    by: str
    at: datetime


@dataclass(slots=True)
class PostMarks:
    """As `Marks` of the forum, with names; `urls` are where the post stood."""

    edits: list[Edit] = field(default_factory=list)
    edited_by: str = ""
    voters: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def people(self) -> Names:
        yield self.edited_by, None
        yield from ((voter, None) for voter in self.voters)
        yield from ((edit.by, edit.at) for edit in self.edits)

    def row(self, authors: Authors) -> Marks:
        edits = [EditRow(edit.body, edit.title, authors.id_of(edit.by), edit.at) for edit in self.edits]
        return Marks(edits, authors.ids_of(self.voters))


def marks_of(row: Row, *, base_url: str) -> PostMarks:
    """Raises RowProblem by field: edits, edited_by, voters, url, also."""
    return PostMarks(
        edits=list(_edits(row, base_url)),
        edited_by=row.text("edited_by", limit=_NAME, required=False),
        voters=list(dict.fromkeys(row.words("voters"))),
        urls=row.addresses(),
    )


def _edits(row: Row, base_url: str) -> Iterator[Edit]:
    for entry in row.rows("edits"):
        at = entry.moment("replaced", required=True)
        assert at  # noqa: S101 (required)
        body = markdown_of(entry, base_url=base_url, required=False)[:LONGEST]
        title = " ".join(entry.text("title", limit=2_000, required=False).split())[:200]
        yield Edit(body, title, entry.text("replaced_by", limit=_NAME, required=False), at)


@dataclass(slots=True)
class Reply:
    """A reply whose author is still a name."""

    key: str
    author: str
    body: str
    created_at: datetime
    edited_at: datetime | None
    votes: int
    is_removed: bool
    is_whisper: bool
    is_wiki: bool
    is_locked: bool
    reply_to: str
    marks: PostMarks

    def people(self) -> Names:
        yield self.author, self.created_at
        yield from self.marks.people()

    def row(self, authors: Authors) -> ReplyRow:
        return ReplyRow(
            source_key=self.key, body=self.body, author_id=authors.id_of(self.author), created_at=self.created_at,
            edited_at=self.edited_at, edited_by_id=authors.id_of(self.marks.edited_by), votes=self.votes,
            is_removed=self.is_removed, is_whisper=self.is_whisper, is_wiki=self.is_wiki, is_locked=self.is_locked,
            reply_to_key=self.reply_to,
            marks=self.marks.row(authors),
        )  # fmt: skip


def reply_of(entry: Row, *, key: str, thread_at: datetime, base_url: str) -> Reply:
    """A reply without words has an empty body; the caller leaves it out. Raises RowProblem by field."""
    created = entry.moment("created") or thread_at
    edited = entry.moment("updated")
    return Reply(
        key=key, author=entry.text("author", limit=_NAME, required=False),
        body=markdown_of(entry, base_url=base_url, required=False),
        created_at=created, edited_at=edited if edited and edited > created else None,
        votes=entry.count("votes") if entry.has("votes") else entry.count("helpful"),
        is_removed=entry.flag("is_spam") or entry.flag("is_removed"), is_whisper=entry.flag("is_whisper"),
        is_wiki=entry.flag("is_wiki"), is_locked=entry.flag("is_locked"),
        reply_to=entry.key("reply_to", required=False), marks=marks_of(entry, base_url=base_url),
    )  # fmt: skip
