"""Reminding who asked to come back and say which reply helped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.events import services as events
from community.forums.models import Status, Topic

NUDGED_AFTER: Final = timedelta(days=3)
NUDGED_UNTIL: Final = timedelta(days=30)  # what is older was given up, and is left in peace
A_ROUND: Final = 200


@transaction.atomic
def askers_nudge(*, at: datetime | None = None) -> int:
    """Remind, once a question, those whose question was answered by others three days ago and is still open.

    A schedule of the worker; any number of workers may call it at once. Returns how many were reminded.
    """
    now = at or timezone.now()
    waiting = (
        Topic.objects.select_for_update(skip_locked=True, of=("self",))
        .unsolved()
        .filter(
            status=Status.PUBLISHED, is_closed=False, nudged_at=None, reply_count__gt=0, author__is_active=True,
            last_posted_at__lte=now - NUDGED_AFTER, last_posted_at__gt=now - NUDGED_UNTIL,
        )
        .exclude(last_poster=F("author"))
        .order_by("last_posted_at")[:A_ROUND]
    )  # fmt: skip
    topics = list(waiting)

    Topic.objects.filter(pk__in=[topic.pk for topic in topics]).update(nudged_at=now)

    for topic in topics:
        events.record("topic.nudged", target=topic, data={"space": topic.space_id, "author": topic.author_id}, at=at)
    return len(topics)
