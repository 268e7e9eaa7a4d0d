"""What hangs on imported posts: their earlier versions, and who found them helpful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.text import LIMITS, clean_source
from community.forums.models import Post, PostRevision, PostVote


@dataclass(frozen=True, slots=True)
class EditRow:
    """What a post said before an edit, who replaced it and when. `title` is the topic's then; for first posts only."""

    body: str
    title: str
    replaced_by_id: int | None
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class Marks:
    """`voter_ids` are those of the helpful marks whose voters are known; they are among the post's votes."""

    edits: Sequence[EditRow] = ()
    voter_ids: Sequence[int] = ()


def clean_edits(marks: Marks) -> None:
    """Raises ValidationError({"edits": …}) for an earlier text that could not be stored."""
    for edit in marks.edits:
        clean_source(edit.body, field="edits", limit=LIMITS["article"], required=False)


def counted(votes: int, marks: Marks) -> dict[str, int]:
    """The counters of a post with so many helpful marks in all, of which some have names; and its version."""
    unknown = max(0, votes - len(marks.voter_ids))
    return {
        "vote_count": unknown + len(marks.voter_ids), "imported_votes": unknown, "version": len(marks.edits) + 1,
    }  # fmt: skip


def marks_import(marks: Sequence[tuple[Post, Marks]]) -> None:
    """Store the marks of posts that were just made; called by the import in its transaction."""
    revisions = [
        PostRevision(
            post=post, version=version, body=edit.body, title=edit.title[:200], replaced_by_id=edit.replaced_by_id,
            replaced_at=edit.replaced_at,
        )
        for post, own in marks for version, edit in enumerate(own.edits, start=1)
    ]  # fmt: skip
    PostRevision.objects.bulk_create(revisions)
    PostVote.objects.bulk_create([PostVote(post=post, user_id=pk) for post, own in marks for pk in own.voter_ids])
