"""Finding one's place: where moved posts went, where a date is in a long topic, and what is worth reading of it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from django.db.models import Min, Q
from django.utils import timezone

from accounts.models import User
from accounts.viewer import Viewer
from community.forums.best import FROM_STAFF
from community.forums.models import Post, PostMove, PostReaction, Topic, TopicTimer
from community.forums.reactions import Reaction, counts_in, reaction
from community.forums.selectors import posts_for_viewer

MOST_HELPFUL: Final = 5
MOST_OF_STAFF: Final = 10


def moved_post(viewer: Viewer, topic_id: int, number: int) -> Post | None:
    """The post that once had this number in this topic and was moved away, if the viewer may see it where it is."""
    moves = PostMove.objects.filter(from_topic_id=topic_id, from_number=number).order_by("-pk").values("post_id")
    return Post.objects.visible_to(viewer).select_related("topic").filter(pk__in=moves[:1]).first() if number else None


def merged_topic(viewer: Viewer, pk: int) -> Topic | None:
    """The topic that this one is part of now, through as many merges as there were, if the viewer may see it."""
    for _step in range(10):
        into = Topic.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
        if into is None:
            return None
        topic = Topic.objects.visible_to(viewer).filter(pk=into, merged_into=None).first()
        if topic is not None:
            return topic
        pk = into
    return None


def timers_of(topic: Topic) -> list[TopicTimer]:
    """What will happen to it, for its moderators."""
    return list(TopicTimer.objects.filter(topic=topic))


def posts_to_choose(viewer: Viewer, topic: Topic, after: int) -> list[Post]:
    """Replies that a moderator may move, with their authors, a hundred at a time."""
    posts = Post.objects.visible_to(viewer).filter(topic=topic, number__gt=max(after, 1))
    return list(posts.select_related("author").defer("body").order_by("number")[:100])


def number_at(viewer: Viewer, topic: Topic, day: date) -> int:
    """The number of the first post that the viewer sees of that day or later; of the last one where there is none."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    posts = Post.objects.visible_to(viewer).filter(topic=topic, created_at__gte=start)
    return posts.aggregate(first=Min("number"))["first"] or topic.last_shown_number


def summary_of(viewer: Viewer, topic: Topic) -> list[Post]:
    """What matters most of a long topic, in order: its text, the answer, what helped most, the latest of staff."""
    aloud = Post.objects.filter(topic=topic, number__gt=1, status="published", is_whisper=False)
    helpful = aloud.filter(vote_count__gt=0).order_by("-vote_count", "number").values("pk")[:MOST_HELPFUL]
    staff = aloud.filter(FROM_STAFF).order_by("-number").values("pk")[:MOST_OF_STAFF]
    return posts_for_viewer(
        viewer, topic, Q(number=1) | Q(pk=topic.solution_id) | Q(pk__in=helpful) | Q(pk__in=staff)
    )


def post_for_viewer(viewer: Viewer, post: Post) -> Post:
    """One visible post with its topic, as a page shows it; one statement."""
    return posts_for_viewer(viewer, post.topic, Q(pk=post.pk))[0]


def who_reacted(post: Post, *, limit: int = 200) -> list[tuple[Reaction, list[User]]]:
    """The people behind each reaction of a post, the first ones first, at most `limit` of all; one statement."""
    rows = PostReaction.objects.filter(post=post).select_related("user").order_by("created_at", "pk")[:limit]
    found: dict[str, list[User]] = {name: [] for name, _count in counts_in(post.reactions)}
    for row in rows:
        found.setdefault(row.name, []).append(row.user)
    return [(reaction(name), people) for name, people in found.items() if people]
