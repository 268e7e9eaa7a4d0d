"""What a moderation decision does to content. Only decisions and imports change a status."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.events import services as events
from community.forums.models import Post, Status, Topic
from community.forums.services.recount import recount_space, recount_topic


@transaction.atomic
def content_set_status(*, actor_id: int | None, target: Topic | Post, status: str) -> None:
    """Publish, hold or remove a topic or a post; removing the first post removes its topic.

    A removed solution is no solution any more. Counters follow. Raises ValidationError({"status": …}).
    """
    if status not in Status.values:
        raise ValidationError({"status": _("Choose one of: %s.") % ", ".join(Status.values)})
    if isinstance(target, Post) and target.is_first:
        target = target.topic

    locked = type(target).objects.select_for_update().get(pk=target.pk)
    before = locked.status
    if before == status:
        return
    locked.status = status
    locked.save(update_fields=["status"])
    topic_id = locked.topic_id if isinstance(locked, Post) else locked.pk
    topic = Topic.objects.get(pk=topic_id)

    if isinstance(locked, Post) and topic.solution_id == locked.pk and status != Status.PUBLISHED:
        Topic.objects.filter(pk=topic_id).update(solution=None, solved_at=None, solved_by=None)
        events.record("topic.unsolved", actor=actor_id, target=topic, data={"post": locked.pk, "space": topic.space_id})
    Topic.objects.filter(pk=topic_id).update(updated_at=timezone.now())
    recount_topic(topic_id)
    recount_space(topic.space_id)

    noun = "post" if isinstance(locked, Post) else "topic"
    data = {"before": before, "after": status, "topic": topic_id, "space": topic.space_id}
    events.record(f"{noun}.status_changed", actor=actor_id, target=locked, data=data)
