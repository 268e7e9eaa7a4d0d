"""Counters: moved by F() in the services, rebuilt here. Running a recount after any services changes nothing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce, Greatest

from community.forums.models import Poll, Post, PostMove, Status, Topic
from community.forums.services.polls import recount_poll
from community.forums.services.reactions import reactions_now
from community.spaces.models import Space


def touch_space(
    space_id: int, *, topics: int = 0, at: datetime | None = None, known: datetime | None = None
) -> None:
    """Add to a space's published topics and move its last activity forward, in one statement.

    Activity is told to the minute, so that not every reply waits for the others at its space's row: one that comes no
    later than what is `known` of the space costs nothing.
    """
    changes: dict = {}
    if topics:
        changes["topic_count"] = F("topic_count") + topics
    at = to_the_minute(at) if at else None
    if at and (known is None or at > known):
        changes["last_activity_at"] = Greatest(Coalesce(F("last_activity_at"), at), at)
    if changes:
        Space.objects.filter(pk=space_id).update(**changes)


def to_the_minute(at: datetime) -> datetime:
    """The minute in which something happened."""
    return at.replace(second=0, microsecond=0)


def recount_topic(topic_id: int) -> None:
    """Rebuild a topic's counters and last post from its posts."""
    posts = Post.objects.filter(topic_id=topic_id)
    aloud = posts.filter(status=Status.PUBLISHED, is_whisper=False)
    shown = Max("number", filter=Q(status=Status.PUBLISHED, is_whisper=False))
    numbers = posts.aggregate(last=Coalesce(Max("number"), 0), shown=Coalesce(shown, 0))
    last = aloud.order_by("-created_at", "-number").values("created_at", "author_id").first()
    away = PostMove.objects.filter(from_topic_id=topic_id).aggregate(last=Coalesce(Max("from_number"), 0))["last"]
    changes: dict = {
        "reply_count": aloud.filter(number__gt=1).count(),
        "last_post_number": max(numbers["last"], away),  # the number of a post that was moved away is not given again
        "last_shown_number": numbers["shown"],
        "vote_count": posts.filter(number=1).values_list("vote_count", flat=True).first() or 0,
    }
    if last:
        bumped = Coalesce(Greatest(F("bumped_at"), last["created_at"]), last["created_at"])
        changes |= {"last_posted_at": bumped, "last_poster_id": last["author_id"]}
    Topic.objects.filter(pk=topic_id).update(**changes)


def recount_space(space_id: int) -> None:
    """Rebuild a space's counters from its published topics."""
    found = Topic.objects.filter(space_id=space_id, status=Status.PUBLISHED).aggregate(
        topics=Count("pk"), last=Max("last_posted_at")
    )
    last = to_the_minute(found["last"]) if found["last"] else None
    Space.objects.filter(pk=space_id).update(topic_count=found["topics"], last_activity_at=last)


def recount_votes() -> int:
    """Rebuild the vote counters of posts from votes, imported votes included; returns how many were wrong."""
    wrong = 0
    counted = Post.objects.annotate(votes_now=Count("votes")).filter(
        ~Q(vote_count=F("votes_now") + F("imported_votes"))
    )
    for post in counted.iterator():
        Post.objects.filter(pk=post.pk).update(vote_count=post.votes_now + post.imported_votes)
        wrong += 1
    return wrong


def recount_reactions() -> int:
    """Rebuild what posts say of their reactions from the rows; returns how many were wrong."""
    wrong = 0
    for post in Post.objects.filter(Q(reaction_rows__isnull=False) | ~Q(reactions="")).distinct().only("reactions"):
        now = reactions_now(post.pk)
        if now != post.reactions:
            Post.objects.filter(pk=post.pk).update(reactions=now)
            wrong += 1
    return wrong


def recount_all() -> int:
    """Rebuild every counter of forums and spaces; returns how many topics were gone through."""
    recount_votes()
    recount_reactions()
    for poll in Poll.objects.iterator():
        recount_poll(poll)
    topics = 0
    for pk in Topic.objects.values_list("pk", flat=True).iterator():
        recount_topic(pk)
        topics += 1
    for pk in Space.objects.values_list("pk", flat=True):
        recount_space(pk)
    return topics
