"""What moderators and helpers set on an imported topic: how it stands, what it is a duplicate of, its timers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events import services as events
from accounts.text import clean_line
from community.forums.models import Topic, TopicTimer
from community.forums.services.curation import LONGEST_SLOW


@dataclass(frozen=True, slots=True)
class Timer:
    """`act` is one of TopicTimer.Act."""

    act: str
    due_at: datetime
    set_by_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`duplicate_of_key` and `merged_into_key` are source keys of topics that are here or come with the same rows."""

    is_archived: bool = False
    is_unlisted: bool = False
    slow_seconds: int = 0
    notice: str = ""
    needs_info_since: datetime | None = None
    bumped_at: datetime | None = None
    solved_at: datetime | None = None
    solved_by_id: int | None = None
    duplicate_of_key: str = ""
    merged_into_key: str = ""
    timers: Sequence[Timer] = ()


def standing_fields(own: Standing) -> dict[str, Any]:
    """The columns of a new topic. Raises ValidationError by field: notice, slow_seconds, timers."""
    if not 0 <= own.slow_seconds <= LONGEST_SLOW:
        raise ValidationError({"slow_seconds": _("Choose a time of a week at most.")})
    if not {timer.act for timer in own.timers} <= {*TopicTimer.Act.values}:
        raise ValidationError({"timers": _("Choose one of: %s.") % ", ".join(TopicTimer.Act.values)})
    return {
        "is_archived": own.is_archived, "is_unlisted": own.is_unlisted, "slow_seconds": own.slow_seconds,
        "notice": clean_line(own.notice, field="notice", limit=500, required=False),
        "needs_info_since": own.needs_info_since, "bumped_at": own.bumped_at,
    }  # fmt: skip


def standing_import(topics: Iterable[tuple[Topic, Standing]]) -> None:
    """Store what hangs on topics that were just made; called by the import in its transaction."""
    topics = list(topics)
    timers = [
        TopicTimer(topic=topic, act=timer.act, due_at=timer.due_at, set_by_id=timer.set_by_id)
        for topic, own in topics for timer in {timer.act: timer for timer in own.timers}.values()
    ]  # fmt: skip
    TopicTimer.objects.bulk_create(timers)
    keys = {key for _topic, own in topics for key in (own.duplicate_of_key, own.merged_into_key) if key}
    here = {topic.imported_from: topic for topic in Topic.objects.filter(imported_from__in=keys)}
    linked = []
    for topic, own in topics:
        original, into = here.get(own.duplicate_of_key), here.get(own.merged_into_key)
        topic.duplicate_of = original if original != topic else None
        topic.merged_into = into if into != topic else None
        if topic.duplicate_of or topic.merged_into:
            linked.append(topic)
    Topic.objects.bulk_update(linked, ["duplicate_of", "merged_into"], batch_size=200)


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A topic is a duplicate of, or was merged into (`field`), the topic with this source key."""

    topic_id: int
    field: str
    key: str


@transaction.atomic
def topics_lead(*, rows: Sequence[LeadRow]) -> list[LeadRow]:
    """Link topics to those that came in after them; a link that somebody set meanwhile stays. Returns the linked ones.

    Raises KeyError for a field that is neither `duplicate_of` nor `merged_into`.
    """
    wanted = {row.key for row in rows}
    targets = dict(Topic.objects.filter(imported_from__in=wanted).values_list("imported_from", "pk"))
    topics = Topic.objects.select_for_update().order_by("pk").in_bulk([row.topic_id for row in rows])
    led = [row for row in rows if targets.get(row.key, row.topic_id) != row.topic_id and row.topic_id in topics]
    for row in led:
        name = {"duplicate_of": "duplicate_of_id", "merged_into": "merged_into_id"}[row.field]
        topic = topics[row.topic_id]
        setattr(topic, name, getattr(topic, name) or targets[row.key])
    changed = {row.topic_id for row in led}
    Topic.objects.bulk_update([topics[pk] for pk in sorted(changed)], ["duplicate_of", "merged_into"], batch_size=200)

    with events.quietly():
        for pk in sorted(changed):
            events.record("topic.edited", target=topics[pk], data={"space": topics[pk].space_id, "imported": True})
    return led
