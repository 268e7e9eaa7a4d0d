"""The helpers' queues: how many questions wait in each, and who is writing an answer already."""

from __future__ import annotations

from django.db.models import Count, Value
from django.utils import timezone

from accounts.viewer import Viewer
from community.forums.models import Topic
from community.forums.selectors import QUEUES


def queue_counts(viewer: Viewer) -> dict[str, int]:
    """How many questions are in the queues that wait for somebody, as their lists show them; one statement.

    Each queue is counted by itself, so that its index finds its few rows: counted side by side, every open question
    was read.
    """
    topics, now = Topic.objects.talks().visible_to(viewer).published().listed_for(viewer).order_by(), timezone.now()
    first, *others = (
        topics.in_queue(name, now).annotate(queue=Value(name)).values("queue").annotate(n=Count("pk"))
        for name in QUEUES[:3]
    )
    found = first.union(*others, all=True).values_list("queue", "n")
    return dict.fromkeys(QUEUES[:3], 0) | dict(found)


def with_takers(topics: list[Topic]) -> list[Topic]:
    """Give each row the name of who is writing an answer just now, as `taker`; one query."""
    taken = Topic.objects.filter(pk__in=[topic.pk for topic in topics], taken_until__gt=timezone.now())
    names = {topic.pk: str(topic.taken_by or "") for topic in taken.select_related("taken_by")}
    for topic in topics:
        topic.taker = names.get(topic.pk, "")
    return topics
