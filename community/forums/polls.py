"""Polls as their readers see them: counts only where they are shown to this viewer now, here and in the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.text import plain_text
from accounts.viewer import Viewer
from community.forums.models import PollOption, PollVote, Post
from community.forums.policies import can_close_poll, can_vote_in, sees_results

MOST_VOTERS = 500


@dataclass(frozen=True, slots=True)
class OptionShown:
    """`count` and `percent` are 0 while results are not shown."""

    pk: int
    text: str
    is_mine: bool
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class PollShown:
    """A poll in a post for one viewer, as plain values: it is part of a kept piece."""

    post: int
    question: str
    most: int
    options: tuple[OptionShown, ...]
    voter_count: int
    results: str
    closes_at: datetime | None
    is_open: bool
    is_public: bool
    has_voted: bool
    shows_results: bool
    may_vote: bool
    may_close: bool


def put_polls(viewer: Viewer, posts: Iterable[Post]) -> None:
    """Give each of these posts, of loaded topics, its `poll_shown`; one statement where there is a poll, else none."""
    holders = {}
    for post in posts:
        post.poll_shown = None
        if post.has_poll:
            holders[post.pk] = post
    if not holders:
        return
    rows = PollOption.objects.filter(poll__post__in=list(holders)).select_related("poll").order_by("poll", "position")
    mine = PollVote.objects.filter(option=OuterRef("pk"), user_id=viewer.user_id or 0)
    found: dict[int, list[PollOption]] = {}
    for row in rows.annotate(is_mine=Exists(mine)):
        found.setdefault(row.poll.post_id, []).append(row)
    for pk, options in found.items():
        holders[pk].poll_shown = _shown(viewer, holders[pk], options)


def _shown(viewer: Viewer, post: Post, rows: list[PollOption]) -> PollShown:
    poll = rows[0].poll
    poll.post = post
    has_voted = any(row.is_mine for row in rows)  # type: ignore[attr-defined]
    shows = sees_results(poll, has_voted=has_voted)
    voters = poll.voter_count if shows else 0
    options = tuple(
        OptionShown(
            row.pk, row.text, row.is_mine, row.vote_count if shows else 0,  # type: ignore[attr-defined]
            round(100 * row.vote_count / voters) if voters else 0,
        )
        for row in rows
    )  # fmt: skip
    return PollShown(
        post.pk, poll.question, poll.most, options, voters, poll.results, poll.closes_at, poll.is_open(),
        poll.is_public, has_voted, shows, can_vote_in(viewer, poll), can_close_poll(viewer, poll),
    )  # fmt: skip


def voters_of(shown: PollShown) -> list[tuple[OptionShown, list[User]]]:
    """Who chose what, in a poll that says so and whose results this viewer sees: else nothing; one statement."""
    if not (shown.is_public and shown.shows_results):
        return []
    votes = PollVote.objects.filter(option__in=[option.pk for option in shown.options]).select_related("user")
    people: dict[int, list[User]] = {}
    for vote in votes.order_by("created_at", "pk")[:MOST_VOTERS]:
        people.setdefault(vote.option_id, []).append(vote.user)
    return [(option, people.get(option.pk, [])) for option in shown.options]


def words_of(post: Post) -> str:
    """What a post says, with the question and the options of its poll, as plain text for search."""
    text = plain_text(post.html)
    if not post.has_poll:
        return text
    return "\n".join([text, post.poll.question, *(option.text for option in post.poll.options.all())])


def show_poll(shown: PollShown | None) -> dict | None:
    """A poll as the API gives it."""
    if shown is None:
        return None
    return {
        "question": shown.question,
        "most": shown.most,
        "options": [
            {"id": option.pk, "text": option.text, "is_mine": option.is_mine}
            | ({"count": option.count} if shown.shows_results else {})
            for option in shown.options
        ],
        "voter_count": shown.voter_count if shown.shows_results else None,
        "results": shown.results,
        "is_public": shown.is_public,
        "is_open": shown.is_open,
        "closes_at": shown.closes_at,
    }
