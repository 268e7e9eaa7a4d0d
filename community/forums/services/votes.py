"""Helpful marks in bulk, for imports and the demo content; a person's click is `posts.post_vote`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.events import services as events
from community.forums.models import Post, PostVote, Topic


@dataclass(frozen=True, slots=True)
class VoteRow:
    """Who found which post helpful, and when."""

    post_id: int
    user_id: int
    created_at: datetime


@transaction.atomic
def votes_import(*, topic: Topic, votes: Sequence[VoteRow]) -> int:
    """Add helpful marks to the posts of one topic; returns how many are new.

    Each person counts once a post and never for their own.
    """
    Topic.objects.select_for_update().get(pk=topic.pk)
    authors = dict(Post.objects.filter(topic=topic).values_list("pk", "author_id"))
    known = set(PostVote.objects.filter(post__topic=topic).values_list("post_id", "user_id"))
    new = {
        (vote.post_id, vote.user_id): vote.created_at
        for vote in votes
        if authors.get(vote.post_id, vote.user_id) != vote.user_id and (vote.post_id, vote.user_id) not in known
    }

    rows = PostVote.objects.bulk_create([PostVote(post_id=post, user_id=user) for post, user in new])
    for row in rows:
        row.created_at = new[row.post_id, row.user_id]
    PostVote.objects.bulk_update(rows, ["created_at"], batch_size=200)  # the column is filled in by itself at first

    for post_id, count in Counter(row.post_id for row in rows).items():
        Post.objects.filter(pk=post_id).update(vote_count=F("vote_count") + count)
    first = Post.objects.filter(topic=topic, number=1).values_list("vote_count", flat=True).first()
    Topic.objects.filter(pk=topic.pk).update(vote_count=first or 0)

    if rows:
        with events.quietly():
            events.record("topic.votes_imported", target=topic, data={"space": topic.space_id, "votes": len(rows)})
    return len(rows)
