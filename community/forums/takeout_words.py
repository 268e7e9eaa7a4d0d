"""What a person wrote in topics, in the copy of their data, with its earlier versions.

Their words are theirs even where they may not read any more. A post that somebody else changed holds that one's words
too: such a version is in the copy while they may read the post.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_part
from community.forums.models import Post, PostRevision, Topic
from community.forums.takeout import posts_of, topics_of
from community.spaces.takeout import names_of


def register_all() -> None:
    register_part(
        "topics", label=_("Topics that you began"), place=10, show=topics, columns=[("forums.Topic", "author")],
        rows=lambda taker: Topic.objects.filter(author=taker.user).prefetch_related("tags"),
    )  # fmt: skip
    register_part(
        "posts", label=_("Posts that you wrote"), place=11, show=posts, columns=[("forums.Post", "author")],
        rows=lambda taker: Post.objects.filter(author=taker.user).defer("html"),
    )  # fmt: skip
    register_part(
        "edits", label=_("Posts of others that you edited"), place=12, show=edits,
        columns=[("forums.PostRevision", "replaced_by")], rows=edits_of,
    )  # fmt: skip


def topics(taker: Taker, rows: Sequence[Topic]) -> list[Row]:
    """The text is the first of the posts."""
    found = topics_of(taker, (row.pk for row in rows))
    spaces = names_of(taker, (row.space_id for row in rows))
    return [
        {
            "title": row.title, "address": found.get(row.pk, {}).get("address"), "topic": row.pk, "kind": row.kind,
            "space": spaces.get(row.space_id), "tags": [tag.name for tag in row.tags.all()], "status": row.status,
            "began_at": row.created_at, "votes": row.vote_count, "replies": row.reply_count,
        }
        for row in rows
    ]  # fmt: skip


def posts(taker: Taker, rows: Sequence[Post]) -> list[Row]:
    """Whispers are staff's own: in the copy of who still reads them."""
    found = posts_of(taker, (row.pk for row in rows))
    topics = topics_of(taker, (row.topic_id for row in rows))
    earlier = _earlier(taker, rows)
    return [
        {
            "title": topics.get(row.topic_id, {}).get("title"), "address": found.get(row.pk, {}).get("address"),
            "topic": row.topic_id, "number": row.number, "status": row.status, "posted_at": row.created_at,
            "edited_at": row.edited_at, "votes": row.vote_count,
            "text": row.body if row.pk in found or row.edited_by_id in (None, taker.user.pk) else None,
            "earlier": earlier[row.pk],
        }
        for row in rows if row.pk in found or not row.is_whisper
    ]  # fmt: skip


def _earlier(taker: Taker, rows: Sequence[Post]) -> dict[int, list[Row]]:
    """The versions that they wrote themselves: the first, and each that an edit of theirs made."""
    told: dict[int, list[Row]] = defaultdict(list)
    writers: dict[int, int | None] = {}
    revisions = PostRevision.objects.filter(post__in=[row.pk for row in rows]).order_by("post", "version")
    for revision in revisions:
        writer = writers.get(revision.post_id, taker.user.pk)
        if writer == taker.user.pk:
            told[revision.post_id].append(
                {"title": revision.title, "until": revision.replaced_at, "text": revision.body}
            )
        writers[revision.post_id] = revision.replaced_by_id
    return told


def edits_of(taker: Taker):
    own = Q(post__author=taker.user.pk)
    return PostRevision.objects.filter(~own | Q(post__author=None), replaced_by=taker.user).select_related("post")


def edits(taker: Taker, rows: Sequence[PostRevision]) -> list[Row]:
    """With the text that their edit made, while they may read the post."""
    found = posts_of(taker, (row.post_id for row in rows))
    made = PostRevision.objects.filter(post__in=list(found))
    after = {(one.post_id, one.version - 1): one.body for one in made}
    return [
        found.get(row.post_id, {}) | {
            "post": row.post_id, "at": row.replaced_at,
            "text": after.get((row.post_id, row.version), row.post.body) if row.post_id in found else None,
        }
        for row in rows
    ]  # fmt: skip
