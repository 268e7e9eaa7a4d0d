"""Helping with a question: taking it for a while, and asking for what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Topic

TAKEN_FOR: Final = timedelta(minutes=10)  # Kitsune's 600 seconds


@transaction.atomic
def topic_take(*, viewer: Viewer, topic: Topic, at: datetime | None = None) -> Topic:
    """Say that one is writing an answer, so that others look elsewhere; it ends by itself after ten minutes.

    A soft lock: nobody is kept from replying. Taking it again starts the ten minutes anew. Raises NotAllowed for who
    cannot help here, Conflict while somebody else has it.
    """
    if not policies.can_help(viewer, topic):
        raise NotAllowed(_("You can take questions of others that you may answer."))
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    now = at or timezone.now()
    if locked.is_taken(now) and locked.taken_by_id != viewer.user_id:
        raise Conflict(_("%s is already writing an answer.") % locked.taken_by)

    locked.taken_by_id, locked.taken_until = viewer.user_id, now + TAKEN_FOR
    locked.save(update_fields=["taken_by", "taken_until"])

    events.record("topic.taken", actor=viewer, target=locked, data={"space": locked.space_id}, at=at)
    return locked


@transaction.atomic
def topic_release(*, viewer: Viewer, topic: Topic) -> Topic:
    """Let a taken question go: whoever has it, and its moderators. Where nobody has it, nothing changes."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    if locked.taken_by_id is None:
        return locked
    if locked.taken_by_id != viewer.user_id and not policies.can_moderate(viewer, topic):
        raise NotAllowed(_("Only the person who took it and moderators can let it go."))

    locked.taken_by, locked.taken_until = None, None
    locked.save(update_fields=["taken_by", "taken_until"])

    events.record("topic.released", actor=viewer, target=locked, data={"space": locked.space_id})
    return locked


@transaction.atomic
def topic_needs_info(*, viewer: Viewer, topic: Topic, on: bool, at: datetime | None = None) -> Topic:
    """Say that the asker must tell more before anybody can help, or that this is so no longer.

    A reply of the asker ends it, too. Raises NotAllowed unless the viewer is staff or an experienced helper; the asker
    may end it.
    """
    if not policies.can_ask_for_info(viewer, topic) and (on or topic.author_id != viewer.user_id):
        raise NotAllowed(_("Only staff and experienced helpers can say that a question needs more information."))
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    if on == (locked.needs_info_since is not None) or (on and locked.is_solved):
        return locked

    locked.needs_info_since = (at or timezone.now()) if on else None
    locked.save(update_fields=["needs_info_since"])

    name = "topic.info_needed" if on else "topic.info_given"
    events.record(name, actor=viewer, target=locked, data={"space": locked.space_id}, at=at)
    return locked


def freed_by_reply(locked: Topic, user_id: int | None) -> dict[str, None]:
    """What a reply ends: the asker's, that information is missing; the taker's, that the question is taken."""
    changes: dict[str, None] = {}
    if user_id is not None and locked.author_id == user_id and locked.needs_info_since is not None:
        changes["needs_info_since"] = None
    if user_id is not None and locked.taken_by_id == user_id:
        changes |= {"taken_by_id": None, "taken_until": None}
    return changes
