"""The helpers' queues: how many questions wait in each, and who is writing an answer already."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone

from accounts.viewer import Viewer
from community.forums.models import Topic
from community.forums.selectors import QUEUES


def queue_counts(viewer: Viewer) -> dict[str, int]:
    """How many questions are in the queues that wait for somebody; one query."""
    topics, now = Topic.objects.visible_to(viewer).published().listed_for(viewer), timezone.now()
    counts = {
        name.replace("-", "_"): Count("pk", filter=Q(pk__in=topics.in_queue(name, now).order_by().values("pk")))
        for name in QUEUES[:3]
    }
    found = topics.unsolved().order_by().aggregate(**counts)
    return {name.replace("_", "-"): number for name, number in found.items()}


def with_takers(topics: list[Topic]) -> list[Topic]:
    """Give each row the name of who is writing an answer just now, as `taker`; one query."""
    taken = Topic.objects.filter(pk__in=[topic.pk for topic in topics], taken_until__gt=timezone.now())
    names = {topic.pk: str(topic.taken_by or "") for topic in taken.select_related("taken_by")}
    for topic in topics:
        topic.taker = names.get(topic.pk, "")
    return topics
