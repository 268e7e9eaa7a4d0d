"""What a person did in topics, in the copy of their data: what they wrote is in `takeout_words`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_left_out, register_part
from community.forums.models import (
    Bookmark,
    Mute,
    Poll,
    PollVote,
    Post,
    PostReaction,
    PostVote,
    Topic,
    TopicFollow,
    TopicRead,
)
from community.spaces.takeout import names_of


def register_all() -> None:
    _on_topics()
    _on_posts()
    register_part(
        "muted", label=_("Spaces and tags you mute"), place=60, show=mutes, columns=[("forums.Mute", "user")],
        rows=lambda taker: Mute.objects.filter(user=taker.user).select_related("tag"),
    )  # fmt: skip
    register_left_out("forums.Topic", ["last_poster"], "the post itself is among the posts")
    register_left_out("forums.Topic", ["taken_by"], "ends by itself in minutes; what was logged has it")
    register_left_out("forums.Post", ["edited_by"], "the edits say more")
    register_left_out("forums.TopicAct", ["by"], "what staff did with topics")
    register_left_out("forums.TopicTimer", ["set_by"], "what staff set to happen with topics")


def _on_topics() -> None:
    register_part(
        "accepted", label=_("Answers that you accepted"), place=30, show=accepted,
        columns=[("forums.Topic", "solved_by")], rows=lambda taker: Topic.objects.filter(solved_by=taker.user),
    )  # fmt: skip
    register_part(
        "follows", label=_("Topics that you follow"), place=60, show=follows, columns=[("forums.TopicFollow", "user")],
        rows=lambda taker: TopicFollow.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part(
        "read", label=_("How far you have read"), place=61, show=read, columns=[("forums.TopicRead", "user")],
        rows=lambda taker: TopicRead.objects.filter(user=taker.user),
    )  # fmt: skip


def _on_posts() -> None:
    register_part(
        "helpful-votes", label=_("Posts that you found helpful"), place=30, show=on_posts,
        columns=[("forums.PostVote", "user")], rows=lambda taker: PostVote.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part(
        "reactions", label=_("Your reactions"), place=30, show=on_posts, columns=[("forums.PostReaction", "user")],
        rows=lambda taker: PostReaction.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part(
        "bookmarks", label=_("Bookmarks"), place=60, show=on_posts, columns=[("forums.Bookmark", "user")],
        rows=lambda taker: Bookmark.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part(
        "poll-votes", label=_("Your choices in polls"), place=30, show=choices, columns=[("forums.PollVote", "user")],
        rows=lambda taker: PollVote.objects.filter(user=taker.user).select_related("option__poll"),
    )  # fmt: skip


def topics_of(taker: Taker, ids: Iterable[int]) -> dict[int, Row]:
    """The title and address of topics, of those that they may read now; one query. Nothing of the others."""
    found = Topic.objects.visible_to(taker.viewer).filter(pk__in=set(ids)).order_by()
    return {
        topic.pk: {"title": topic.title, "address": settings.SITE_URL + topic.get_absolute_url()} for topic in found
    }


def posts_of(taker: Taker, ids: Iterable[int]) -> dict[int, Row]:
    """As `topics_of`, for posts."""
    found = Post.objects.visible_to(taker.viewer).filter(pk__in=set(ids)).order_by().select_related("topic")
    return {
        post.pk: {"title": post.topic.title, "address": settings.SITE_URL + post.get_absolute_url()} for post in found
    }


def accepted(taker: Taker, rows: Sequence[Topic]) -> list[Row]:
    found = topics_of(taker, (row.pk for row in rows))
    return [found.get(row.pk, {}) | {"accepted_at": row.solved_at} for row in rows]


def follows(taker: Taker, rows: Sequence[TopicFollow]) -> list[Row]:
    found = topics_of(taker, (row.topic_id for row in rows))
    return [
        found.get(row.topic_id, {}) | {"topic": row.topic_id, "is_muted": row.is_muted, "since": row.created_at}
        for row in rows
    ]


def read(taker: Taker, rows: Sequence[TopicRead]) -> list[Row]:
    found = topics_of(taker, (row.topic_id for row in rows))
    return [
        found.get(row.topic_id, {}) | {"topic": row.topic_id, "up_to": row.last_post_number, "at": row.read_at}
        for row in rows
    ]


def on_posts(taker: Taker, rows: Sequence[Any]) -> list[Row]:
    """A vote, a reaction or a bookmark: what it is on, and when."""
    found = posts_of(taker, (row.post_id for row in rows))
    told = [found.get(row.post_id, {}) | {"post": row.post_id, "at": row.created_at} for row in rows]
    for row, one in zip(rows, told, strict=True):
        if isinstance(row, PostReaction):
            one["reaction"] = row.name
        if isinstance(row, Bookmark):
            one["remind_at"] = row.remind_at
    return told


def choices(taker: Taker, rows: Sequence[PollVote]) -> list[Row]:
    """The words of a poll are its author's: shown with the post that it is in."""
    found = posts_of(taker, (row.option.poll.post_id for row in rows))
    return [_choice(row, row.option.poll, found) for row in rows]


def _choice(row: PollVote, poll: Poll, found: dict[int, Row]) -> Row:
    place = found.get(poll.post_id)
    words = {"question": poll.question, "choice": row.option.text} if place else {}
    return (place or {}) | words | {"post": poll.post_id, "at": row.created_at}


def mutes(taker: Taker, rows: Sequence[Mute]) -> list[Row]:
    names = names_of(taker, (row.space_id for row in rows if row.space_id))
    return [
        {"title": f"#{row.tag.name}" if row.tag else names.get(row.space_id or 0), "since": row.created_at}
        for row in rows
    ]
