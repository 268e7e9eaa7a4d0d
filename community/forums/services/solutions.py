"""The accepted answer of a question."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Post, Status, Topic


@transaction.atomic
def solution_accept(*, viewer: Viewer, topic: Topic, post: Post, at: datetime | None = None) -> Topic:
    """Mark the post that answers the question; another one before it gives way. Accepting it again changes nothing.

    Raises NotAllowed unless the viewer asked or is staff, ValidationError({"post": …}) for a post that cannot answer.
    """
    if not policies.can_accept(viewer, topic):
        raise NotAllowed(_("Only the person who asked and staff can mark the answer."))
    is_reply = post.topic_id == topic.pk and not post.is_first
    if not is_reply or post.status != Status.PUBLISHED or post.is_whisper:
        raise ValidationError({"post": _("Choose a reply of this question.")})
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    if locked.solution_id == post.pk:
        return locked
    before = locked.solution_id

    now = at or timezone.now()
    locked.solution, locked.solved_at, locked.solved_by_id, locked.updated_at = post, now, viewer.user_id, now
    locked.needs_info_since, locked.taken_by, locked.taken_until = None, None, None
    locked.save(
        update_fields=[
            "solution", "solved_at", "solved_by", "updated_at", "needs_info_since", "taken_by", "taken_until",
        ]
    )  # fmt: skip

    if before:
        events.record(
            "topic.unsolved", actor=viewer, target=locked, data={"post": before, "space": locked.space_id}, at=now
        )
    data = {"post": post.pk, "author": post.author_id, "space": locked.space_id}
    events.record("topic.solved", actor=viewer, target=locked, data=data, at=now)
    return locked


@transaction.atomic
def solution_clear(*, viewer: Viewer, topic: Topic) -> Topic:
    """Take the mark back; the question needs an answer again."""
    if not policies.can_accept(viewer, topic):
        raise NotAllowed(_("Only the person who asked and staff can mark the answer."))
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    before = locked.solution_id
    if before is None:
        return locked

    locked.solution, locked.solved_at, locked.solved_by, locked.updated_at = None, None, None, timezone.now()
    locked.save(update_fields=["solution", "solved_at", "solved_by", "updated_at"])

    events.record("topic.unsolved", actor=viewer, target=locked, data={"post": before, "space": locked.space_id})
    return locked
