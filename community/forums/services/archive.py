"""Topics from another platform: dates and authors kept, posts in one go, nobody notified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.events import services as events
from accounts.text import LIMITS
from community.forums.models import Kind, Post, Status, Topic, TopicFollow
from community.forums.services.recount import recount_topic, touch_space
from community.forums.services.texts import clean_tags, clean_title, render_body, tag_rows
from community.spaces.models import Space

IMPORT_LIMIT = LIMITS["article"]


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One reply to import: `source_key` is stable over runs; `votes` are helpful marks whose voters are not known."""

    source_key: str
    body: str
    author_id: int | None
    created_at: datetime
    edited_at: datetime | None = None
    votes: int = 0
    is_removed: bool = False


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
) -> tuple[Topic, bool]:
    """Bring in a topic with all its posts (Markdown), once per `source_key`; returns it and whether it is new.

    Raises ValidationError by field; then nothing of the topic is stored. Records one quiet event, so that search
    hears of it and nobody else.
    """
    known = Topic.objects.filter(imported_from=source_key).first()
    if known:
        return known, False
    cleaned_title = clean_title(title)
    names = clean_tags(tags)
    source, html = render_body(body, limit=IMPORT_LIMIT)
    rendered = [render_body(reply.body, limit=IMPORT_LIMIT) for reply in replies]

    topic = Topic.objects.create(
        space=space, kind=kind if kind in Kind.values else Kind.QUESTION, title=cleaned_title, status=status,
        author_id=author_id, last_poster_id=author_id, created_at=created_at, updated_at=updated_at or created_at,
        last_posted_at=created_at, imported_from=source_key,
    )
    topic.tags.set(tag_rows(names))
    first = Post(
        topic=topic, number=1, body=source, html=html, author_id=author_id, created_at=created_at,
        vote_count=votes, imported_votes=votes, imported_from=source_key,
    )
    Post.objects.bulk_create([first, *_reply_posts(topic, replies, rendered)])
    people = {author_id, *(reply.author_id for reply in replies)} - {None}
    TopicFollow.objects.bulk_create([TopicFollow(topic=topic, user_id=pk) for pk in people], ignore_conflicts=True)

    recount_topic(topic.pk)
    topic.refresh_from_db()
    if status == Status.PUBLISHED:
        touch_space(space.pk, topics=1, at=topic.last_posted_at)

    with events.quietly():
        events.record("topic.created", actor=author_id, target=topic, at=created_at, data={"space": space.pk, "imported": True})
    return topic, True


def _reply_posts(topic: Topic, replies: Sequence[ReplyRow], rendered: Sequence[tuple[str, str]]) -> list[Post]:
    return [
        Post(
            topic=topic, number=number, body=source, html=html, author_id=reply.author_id,
            created_at=reply.created_at, edited_at=reply.edited_at, vote_count=reply.votes, imported_votes=reply.votes,
            status=Status.REMOVED if reply.is_removed else Status.PUBLISHED, imported_from=reply.source_key,
        )
        for number, (reply, (source, html)) in enumerate(zip(replies, rendered, strict=True), start=2)
    ]


@transaction.atomic
def post_rewrite(*, post: Post, body: str) -> None:
    """Replace an imported post's text, links rewritten, without making it an edit."""
    source, html = render_body(body, limit=IMPORT_LIMIT)

    Post.objects.filter(pk=post.pk).update(body=source, html=html)

    with events.quietly():
        events.record("post.edited", target=post, data={"topic": post.topic_id, "number": post.number, "imported": True})
