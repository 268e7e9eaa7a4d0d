"""Topics from another platform: dates and authors kept, posts in one go, nobody notified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.events import services as events
from accounts.text import LIMITS
from community.forums.models import Kind, Post, Status, Topic, TopicFollow
from community.forums.services.archive_marks import Marks, clean_edits, counted, marks_import
from community.forums.services.recount import recount_topic, touch_space
from community.forums.services.texts import clean_tags, clean_title, render_bodies, render_body, tag_rows
from community.spaces.models import Space

IMPORT_LIMIT = LIMITS["article"]


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One reply to import: `source_key` is stable over runs; `votes` are its helpful marks, voters known or not.

    `reply_to_key` is the source key of the post that it answers.
    """

    source_key: str
    body: str
    author_id: int | None
    created_at: datetime
    edited_at: datetime | None = None
    edited_by_id: int | None = None
    votes: int = 0
    is_removed: bool = False
    is_whisper: bool = False
    reply_to_key: str = ""
    marks: Marks = field(default_factory=Marks)


@transaction.atomic
def topic_import(
    *,
    source_key: str,
    space: Space,
    kind: str,
    title: str,
    body: str,
    author_id: int | None,
    created_at: datetime,
    updated_at: datetime | None = None,
    tags: Iterable[str] = (),
    replies: Sequence[ReplyRow] = (),
    votes: int = 0,
    status: str = Status.PUBLISHED,
    solution_key: str = "",
    is_closed: bool = False,
    is_pinned: bool = False,
    view_count: int = 0,
    edited_at: datetime | None = None,
    edited_by_id: int | None = None,
    marks: Marks | None = None,
    follower_ids: Iterable[int] | None = None,
    muted_ids: Iterable[int] = (),
) -> tuple[Topic, bool]:
    """Bring in a topic with all its posts (Markdown), once per `source_key`; returns it and whether it is new.

    `solution_key` is the source key of the reply that solved a question; `edited_at` to `marks` are the first post's.
    Without `follower_ids`, those who wrote in it follow it.

    Raises ValidationError by field; then nothing of the topic is stored. Records one quiet event, so that search
    hears of it and nobody else.
    """
    known = Topic.objects.filter(imported_from=source_key).first()
    if known:
        return known, False
    cleaned_title = clean_title(title)
    names = clean_tags(tags)
    (source, html), *rendered = render_bodies([body, *(reply.body for reply in replies)], limit=IMPORT_LIMIT)
    marks = marks or Marks()
    of_posts = [marks, *(reply.marks for reply in replies)]
    for own in of_posts:
        clean_edits(own)

    posts = [
        Post(
            number=1, body=source, html=html, author_id=author_id, created_at=created_at, imported_from=source_key,
            edited_at=edited_at, edited_by_id=edited_by_id, **counted(votes, marks),
        ),
        *_reply_posts(replies, rendered, after=1),
    ]
    topic = Topic.objects.create(
        space=space, kind=kind if kind in Kind.values else Kind.QUESTION, title=cleaned_title, status=status,
        author_id=author_id, created_at=created_at, updated_at=updated_at or created_at, imported_from=source_key,
        is_closed=is_closed, is_pinned=is_pinned, view_count=view_count, **_counters(posts),
    )
    _tag(topic, names)
    for post in posts:
        post.topic = topic
    posts = Post.objects.bulk_create(posts)
    _connect(topic, posts, replies, solution_key)
    marks_import(list(zip(posts, of_posts, strict=True)))
    people = {author_id, *(reply.author_id for reply in replies)} - {None} if follower_ids is None else {*follower_ids}
    _follow(topic, people, set(muted_ids))

    if status == Status.PUBLISHED:
        touch_space(space.pk, topics=1, at=topic.last_posted_at)

    with events.quietly():
        data = {"space": space.pk, "kind": topic.kind, "imported": True}
        events.record("topic.created", actor=author_id, target=topic, at=created_at, data=data)
    return topic, True


@transaction.atomic
def replies_import(*, topic: Topic, replies: Sequence[ReplyRow]) -> int:
    """Add those of an imported topic's replies that are not here yet, at its end; returns how many.

    Raises ValidationError by field; then none of them is stored.
    """
    keys = [reply.source_key for reply in replies]
    here = set(Post.objects.filter(imported_from__in=keys).values_list("imported_from", flat=True))
    new = [reply for reply in replies if reply.source_key not in here]
    rendered = render_bodies([reply.body for reply in new], limit=IMPORT_LIMIT)
    for reply in new:
        clean_edits(reply.marks)
    if not new:
        return 0

    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    posts = _reply_posts(new, rendered, after=locked.last_post_number)
    for post in posts:
        post.topic = locked
    posts = Post.objects.bulk_create(posts)
    _connect(locked, posts, new)
    marks_import([(post, reply.marks) for post, reply in zip(posts, new, strict=True)])

    recount_topic(locked.pk)
    locked.refresh_from_db()
    if locked.status == Status.PUBLISHED:
        touch_space(locked.space_id, at=locked.last_posted_at)

    with events.quietly():
        for post in posts:
            data = {"topic": topic.pk, "space": locked.space_id, "number": post.number, "imported": True}
            events.record("post.created", actor=post.author_id, target=post, at=post.created_at, data=data)
    return len(posts)


def _tag(topic: Topic, names: Sequence[str]) -> None:
    """The tags of a new topic: nothing is there yet that `add` would have to ask for."""
    tagged = Topic.tags.through
    tagged.objects.bulk_create([tagged(topic_id=topic.pk, tag_id=tag.pk) for tag in tag_rows(names)])


def _follow(topic: Topic, people: Iterable[int | None], muted: Iterable[int]) -> None:
    rows = {pk: TopicFollow(topic=topic, user_id=pk) for pk in people}
    rows |= {pk: TopicFollow(topic=topic, user_id=pk, is_muted=True) for pk in muted}
    TopicFollow.objects.bulk_create(rows.values(), ignore_conflicts=True)


def _connect(topic: Topic, posts: Sequence[Post], replies: Sequence[ReplyRow], solution_key: str = "") -> None:
    """What refers to a post by its source key: answers to a post, and the solution."""
    by_key = {post.imported_from: post for post in posts}
    answered = []
    for reply in replies:
        if reply.reply_to_key in by_key and reply.reply_to_key != reply.source_key:
            by_key[reply.source_key].reply_to = by_key[reply.reply_to_key]
            answered.append(by_key[reply.source_key])
    Post.objects.bulk_update(answered, ["reply_to"])
    solution = by_key.get(solution_key)
    if solution is None or solution.is_first or solution.is_whisper or not topic.is_question:
        return
    if solution.status == Status.PUBLISHED:
        Topic.objects.filter(pk=topic.pk).update(solution=solution, solved_at=solution.created_at)


def _counters(posts: Sequence[Post]) -> dict[str, Any]:
    """What `recount_topic` would find for a new topic with these posts."""
    aloud = [post for post in posts if post.status == Status.PUBLISHED and not post.is_whisper]
    last = max(aloud, key=lambda post: (post.created_at, post.number))
    return {
        "reply_count": len(aloud) - 1, "last_post_number": len(posts), "vote_count": posts[0].vote_count,
        "last_posted_at": last.created_at, "last_poster_id": last.author_id,
        "last_shown_number": max(post.number for post in aloud),
    }  # fmt: skip


def _reply_posts(replies: Sequence[ReplyRow], rendered: Sequence[tuple[str, str]], *, after: int) -> list[Post]:
    return [
        Post(
            number=number,
            body=source,
            html=html,
            author_id=reply.author_id,
            created_at=reply.created_at,
            edited_at=reply.edited_at,
            edited_by_id=reply.edited_by_id,
            **counted(reply.votes, reply.marks),
            status=Status.REMOVED if reply.is_removed else Status.PUBLISHED,
            imported_from=reply.source_key,
            is_whisper=reply.is_whisper,
        )
        for number, (reply, (source, html)) in enumerate(zip(replies, rendered, strict=True), start=after + 1)
    ]


@transaction.atomic
def post_rewrite(*, post: Post, body: str) -> None:
    """Replace an imported post's text, links rewritten, without making it an edit."""
    source, html = render_body(body, limit=IMPORT_LIMIT)

    Post.objects.filter(pk=post.pk).update(body=source, html=html)

    with events.quietly():
        data = {"topic": post.topic_id, "number": post.number, "imported": True}
        events.record("post.edited", target=post, data=data)
