"""What comes with posts from another house: polls, reactions and bookmarks, many posts in a few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from community.forums.models import Bookmark, Poll, PollOption, PollVote, Post, PostReaction
from community.forums.reactions import reaction, told
from community.forums.services.polls import PollInput, clean_poll


@dataclass(frozen=True, slots=True)
class ReactionRow:
    """One person's emoji, by its name, under a post."""

    post: Post
    name: str
    user_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One person chose the option of this place, from 0."""

    option: int
    user_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PollRow:
    post: Post
    asked: PollInput
    choices: Sequence[ChoiceRow] = ()


@dataclass(frozen=True, slots=True)
class BookmarkRow:
    post: Post
    user_id: int
    created_at: datetime
    remind_at: datetime | None = None


def clean_reaction(name: str) -> str:
    """Raises ValidationError({"name": …}) for what is no emoji's name; one that is not offered here stays."""
    if not name or reaction(name).sign == f":{name}:":
        raise ValidationError({"name": _("No emoji is called “%s”.") % name[:40]})
    return name


def clean_old_poll(asked: PollInput) -> None:
    """Raises as `clean_poll`, but for the time of its end, which may be over."""
    clean_poll(replace(asked, closes_at=None))


@transaction.atomic
def reactions_import(*, rows: Sequence[ReactionRow]) -> None:
    """Add reactions as they were given elsewhere; those that are here already stay as they are. Nobody is told.

    Raises ValidationError({"name": …}); then none is stored.
    """
    posts = {row.post.pk: row.post for row in rows}
    made = [
        PostReaction(post=row.post, user_id=row.user_id, name=clean_reaction(row.name), created_at=row.created_at)
        for row in rows
    ]

    PostReaction.objects.bulk_create(made, ignore_conflicts=True)

    counts: dict[int, list[tuple[str, int]]] = {pk: [] for pk in posts}
    found = PostReaction.objects.filter(post__in=posts).order_by().values_list("post", "name")
    for pk, name, number in found.annotate(n=Count("pk")):
        counts[pk].append((name, number))
    for pk, post in posts.items():
        post.reactions = told(counts[pk])
    Post.objects.bulk_update(posts.values(), ["reactions"], batch_size=200)


@transaction.atomic
def polls_import(*, rows: Sequence[PollRow]) -> None:
    """Put polls into posts as they stood elsewhere, closed ones too; a post that has one keeps it and gets no choice.

    Raises ValidationError by field, as `poll_create`; then none is stored.
    """
    here = set(Poll.objects.filter(post__in=[row.post for row in rows]).values_list("post", flat=True))
    new = {row.post.pk: row for row in rows if row.post.pk not in here}
    checked = {pk: clean_poll(replace(row.asked, closes_at=None)) for pk, row in new.items()}
    chosen = {
        pk: {(one.option, one.user_id): one for one in row.choices if one.option < len(checked[pk][1])}
        for pk, row in new.items()
    }
    polls = [
        Poll(
            post=row.post, question=checked[pk][0], most=row.asked.most, results=row.asked.results,
            is_public=row.asked.is_public, closes_at=row.asked.closes_at,
            voter_count=len({user_id for _option, user_id in chosen[pk]}),
        )
        for pk, row in new.items()
    ]  # fmt: skip

    Poll.objects.bulk_create(polls)
    counts = {pk: Counter(option for option, _user_id in own) for pk, own in chosen.items()}
    options = {
        (poll.post_id, place): PollOption(
            poll=poll, position=place + 1, text=text, vote_count=counts[poll.post_id][place]
        )
        for poll in polls for place, text in enumerate(checked[poll.post_id][1])
    }  # fmt: skip
    PollOption.objects.bulk_create(options.values())
    PollVote.objects.bulk_create(
        PollVote(option=options[pk, one.option], user_id=one.user_id, created_at=one.created_at)
        for pk, own in chosen.items() for one in own.values()
    )  # fmt: skip
    Post.objects.filter(pk__in=new).update(has_poll=True)


@transaction.atomic
def bookmarks_import(*, rows: Sequence[BookmarkRow]) -> None:
    """Add what people keep; what they keep already stays as it is. As with `bookmark_set`, no event tells of it."""
    made = [
        Bookmark(post=row.post, user_id=row.user_id, created_at=row.created_at, remind_at=row.remind_at)
        for row in rows
    ]
    Bookmark.objects.bulk_create(made, ignore_conflicts=True)
