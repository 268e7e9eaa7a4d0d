"""What happens to a topic at a time: set by its moderators, done by the worker."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer, system_viewer
from community.forums.models import Post, Status, Topic, TopicTimer
from community.forums.services.curation import moderated
from community.forums.services.recount import recount_space, recount_topic
from community.forums.services.status import content_set_status
from community.forums.services.topics import topic_close, topic_pin, topic_reopen

logger = logging.getLogger("threadwell.worker")
FURTHEST: Final = timedelta(days=2 * 365)
A_ROUND: Final = 50


@transaction.atomic
def topic_set_timer(*, viewer: Viewer, topic: Topic, act: str, due_at: datetime | None) -> None:
    """Close, reopen, unpin, bump or publish the topic at a time; None takes the timer away.

    Publishing later hides the topic until then, from all but its author and its moderators. Raises NotAllowed, and
    ValidationError by field: act, until.
    """
    moderated(viewer, topic)
    if act not in TopicTimer.Act.values:
        raise ValidationError({"act": _("Choose one of: %s.") % ", ".join(TopicTimer.Act.values)})
    now = timezone.now()
    if due_at is not None and not now < due_at <= now + FURTHEST:
        raise ValidationError({"until": _("Choose a time to come, within two years.")})
    if act == TopicTimer.Act.PUBLISH and topic.reply_count:
        raise ValidationError({"until": _("It has replies already; only a new topic can be published later.")})

    if due_at is None:
        TopicTimer.objects.filter(topic=topic, act=act).delete()
    else:
        values = {"due_at": due_at, "set_by_id": viewer.user_id}
        TopicTimer.objects.update_or_create(topic=topic, act=act, defaults=values)
    if act == TopicTimer.Act.PUBLISH:
        status = Status.PUBLISHED if due_at is None else Status.PENDING
        content_set_status(actor_id=viewer.user_id, target=topic, status=status)

    data = {"space": topic.space_id, "act": act, "due": due_at.isoformat() if due_at else None}
    events.record("topic.timer_set", actor=viewer, target=topic, data=data)


@transaction.atomic
def topic_bump(*, viewer: Viewer, topic: Topic, at: datetime | None = None) -> None:
    """Bring it to the top of the lists, as if somebody had replied."""
    moderated(viewer, topic)
    locked = Topic.objects.select_for_update().get(pk=topic.pk)

    locked.bumped_at = at or timezone.now()
    locked.save(update_fields=["bumped_at"])
    recount_topic(locked.pk)
    recount_space(locked.space_id)

    events.record("topic.bumped", actor=viewer, target=locked, data={"space": locked.space_id})


def timers_run(*, at: datetime | None = None) -> int:
    """Do what is due; a schedule of the worker, and any number of workers may call it. Returns how many were done."""
    now, done = at or timezone.now(), 0
    while done < A_ROUND and _run_next(now):
        done += 1
    return done


@transaction.atomic
def _run_next(now: datetime) -> bool:
    due = TopicTimer.objects.select_for_update(skip_locked=True).filter(due_at__lte=now).order_by("due_at").first()
    if due is None:
        return False
    topic = Topic.objects.get(pk=due.topic_id)
    try:
        with transaction.atomic():
            _act(topic, due.act, now)
    except (NotAllowed, ValidationError):
        logger.exception("The timer %s of topic %s cannot be done; it is dropped.", due.act, topic.pk)
    due.delete()
    return True


def _act(topic: Topic, act: str, now: datetime) -> None:
    system = system_viewer()
    match act:
        case TopicTimer.Act.CLOSE:
            topic_close(viewer=system, topic=topic)
        case TopicTimer.Act.REOPEN:
            topic_reopen(viewer=system, topic=topic)
        case TopicTimer.Act.UNPIN:
            topic_pin(viewer=system, topic=topic, on=False)
        case TopicTimer.Act.BUMP:
            topic_bump(viewer=system, topic=topic, at=now)
        case TopicTimer.Act.PUBLISH:
            _publish(topic, now)


def _publish(topic: Topic, now: datetime) -> None:
    """It is as new as if it had been written now."""
    if topic.status != Status.PENDING:
        return
    Topic.objects.filter(pk=topic.pk).update(created_at=now, updated_at=now)
    Post.objects.filter(topic=topic, number=1).update(created_at=now)
    content_set_status(actor_id=None, target=topic, status=Status.PUBLISHED)
