"""What moderators set on a topic: archived, unlisted, slow, with a notice, or a duplicate of another."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.text import clean_line
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Topic

LONGEST_SLOW: Final = 7 * 24 * 3600  # seconds


def moderated(viewer: Viewer, *topics: Topic) -> None:
    """Raises NotAllowed unless the viewer moderates all of them."""
    if not all(policies.can_moderate(viewer, topic) for topic in topics):
        raise NotAllowed(_("Only moderators may do this."))


@transaction.atomic
def topic_archive(*, viewer: Viewer, topic: Topic, on: bool) -> Topic:
    """Keep it for reading only: no replies, no votes, no edits but those of moderators."""
    moderated(viewer, topic)

    return _changed(viewer, topic, "topic.archived" if on else "topic.unarchived", is_archived=on)


@transaction.atomic
def topic_unlist(*, viewer: Viewer, topic: Topic, on: bool) -> Topic:
    """Take it out of lists, feeds and search; its address still opens it. Or bring it back."""
    moderated(viewer, topic)

    return _changed(viewer, topic, "topic.unlisted" if on else "topic.listed", is_unlisted=on)


@transaction.atomic
def topic_slow(*, viewer: Viewer, topic: Topic, seconds: int) -> Topic:
    """Let each person reply once in so many seconds; 0 ends it. Staff are not slowed.

    Raises ValidationError({"seconds": …}) for a time below zero or over a week.
    """
    moderated(viewer, topic)
    if not 0 <= seconds <= LONGEST_SLOW:
        raise ValidationError({"seconds": _("Choose a time of a week at most.")})

    return _changed(viewer, topic, "topic.slowed", slow_seconds=seconds)


@transaction.atomic
def topic_set_notice(*, viewer: Viewer, topic: Topic, text: object) -> Topic:
    """A line from staff above the posts; an empty one takes it away. Raises ValidationError({"notice": …})."""
    moderated(viewer, topic)
    notice = clean_line(text, field="notice", limit=500, required=False)

    return _changed(viewer, topic, "topic.notice_changed", notice=notice)


@transaction.atomic
def topic_mark_duplicate(*, viewer: Viewer, topic: Topic, original: Topic | None) -> Topic:
    """Say that this was asked before, and close it; readers who may see the original are led there. None takes it back.

    Raises ValidationError({"original": …}) for itself, for one that is a duplicate of this one, and for ideas.
    """
    moderated(viewer, topic)
    if original is not None:
        if not policies.can_see_topic(viewer, original):
            raise ValidationError({"original": _("There is no such topic.")})
        if original.pk == topic.pk or original.duplicate_of_id == topic.pk or original.merged_into_id is not None:
            raise ValidationError({"original": _("Choose the topic that was there first.")})
        if "idea" in (topic.kind, original.kind):
            raise ValidationError({"original": _("Ideas are merged on their board.")})

    original_id = original.pk if original else None
    return _changed(
        viewer, topic, "topic.duplicate_marked", duplicate_of_id=original_id, is_closed=original is not None
    )


def _changed(viewer: Viewer, topic: Topic, event: str, **values: Any) -> Topic:
    """Write, and record what changed; values that are there already change nothing and record nothing."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    before = {name: getattr(locked, name) for name in values}
    for name, value in values.items():
        setattr(topic, name, value)
    if before == values:
        return locked
    for name, value in values.items():
        setattr(locked, name, value)
    locked.updated_at = timezone.now()
    locked.save(update_fields=[*values, "updated_at"])

    changed = {name: value for name, value in before.items() if name != "notice"}  # texts stay out of the log
    events.record(event, actor=viewer, target=locked, data={"space": locked.space_id, "before": changed})
    return locked
