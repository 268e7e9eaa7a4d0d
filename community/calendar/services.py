"""The verbs of events: plan, change, call off, answer, remind; and the recount that proves their counters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.text import all_of
from accounts.viewer import Viewer
from community.calendar import policies
from community.calendar.models import Answer, Attendance, CalendarEvent
from community.calendar.plans import EventPlan, checked
from community.forums import services as forums
from community.forums.models import Kind, Topic
from community.spaces.models import Space

REMINDED_BEFORE: Final = timedelta(hours=1)
A_ROUND: Final = 50


@transaction.atomic
def event_create(
    *,
    viewer: Viewer,
    space: Space,
    title: str,
    body: str,
    plan: EventPlan,
    tags: Iterable[str] = (),
    at: datetime | None = None,
    idempotency_key: str = "",
) -> CalendarEvent:
    """Announce an event. The same `idempotency_key` again returns the one of the first time.

    Raises NotAllowed where the viewer may not announce events, ValidationError by field: those of `EventPlan`, title,
    body, tags.
    """
    now = at or timezone.now()
    given = all_of({
        "plan": lambda: _to_come(plan, now),
        "texts": lambda: forums.topic_texts(viewer=viewer, space=space, title=title, body=body, tags=tags),
    })
    topic = forums.topic_create(
        viewer=viewer, space=space, kind=Kind.EVENT, texts=given["texts"], at=at, idempotency_key=idempotency_key
    )
    event, is_new = CalendarEvent.objects.select_related("topic__space").get_or_create(
        topic=topic, defaults=given["plan"] | {"changed_at": now}
    )

    if is_new:
        events.record("topic.event_planned", actor=viewer, target=topic, at=at, data={"space": topic.space_id})
    return event


def _to_come(plan: EventPlan, now: datetime) -> dict[str, Any]:
    columns = checked(plan)
    if columns["ends_at"] <= now:
        raise ValidationError({"starts": _("This is over already. Choose a time to come.")})
    return columns


@transaction.atomic
def event_change(
    *, viewer: Viewer, event: CalendarEvent, plan: EventPlan, sequence: int | None = None, at: datetime | None = None
) -> CalendarEvent:
    """Plan it anew. Those who go are told of another time or place; the same plan again changes nothing.

    `sequence` is the one that the editor saw: raises Conflict when somebody changed it since. Also NotAllowed, and
    ValidationError by the fields of `EventPlan`.
    """
    _authorise(viewer, event)
    columns = checked(plan)
    locked = _locked(event)
    if sequence is not None and sequence != locked.sequence:
        raise Conflict(_("Someone else changed this event while you were writing. Reload to see it as it is now."))
    changed = {name for name, value in columns.items() if getattr(locked, name) != value}
    if not changed:
        return locked

    for name, value in columns.items():
        setattr(locked, name, value)
    is_moved = bool(changed & {"starts_at", "ends_at", "zone", "place"})
    if "starts_at" in changed:
        locked.reminded_at = None
    _save(locked, at)

    data = {"space": locked.topic.space_id, "sequence": locked.sequence, "is_moved": is_moved}
    events.record("topic.event_changed", actor=viewer, target=locked.topic, at=at, data=data)
    return locked


@transaction.atomic
def event_cancel(*, viewer: Viewer, event: CalendarEvent, at: datetime | None = None) -> CalendarEvent:
    """Call it off for good; those who go are told. Twice changes nothing. Raises NotAllowed."""
    _authorise(viewer, event)
    locked = _locked(event)
    if locked.is_cancelled:
        return locked

    locked.cancelled_at = at or timezone.now()
    _save(locked, at)

    data = {"space": locked.topic.space_id, "sequence": locked.sequence}
    events.record("topic.event_cancelled", actor=viewer, target=locked.topic, at=at, data=data)
    return locked


def _authorise(viewer: Viewer, event: CalendarEvent) -> None:
    if not policies.can_change(viewer, event):
        raise NotAllowed(_("Only the person who announced this event and moderators can change it."))


def _locked(event: CalendarEvent) -> CalendarEvent:
    rows = CalendarEvent.objects.select_for_update(of=("self",)).select_related("topic__space")
    return rows.get(pk=event.pk)


def _save(locked: CalendarEvent, at: datetime | None) -> None:
    locked.sequence += 1
    locked.changed_at = at or timezone.now()
    locked.save()


@transaction.atomic
def attendance_set(
    *, viewer: Viewer, event: CalendarEvent, answer: str, at: datetime | None = None
) -> CalendarEvent:
    """Say whether one comes; an empty answer takes it back, and the last one counts.

    Raises NotAllowed for who does not read it and once it is over or called off, ValidationError({"answer": …}).
    """
    now = at or timezone.now()
    if not policies.can_answer(viewer, event, now):
        raise NotAllowed(_("This event takes no answers from you."))
    if answer and answer not in Answer.values:
        raise ValidationError({"answer": _("Choose one of: %s.") % ", ".join(Answer.values)})
    locked = _locked(event)  # the answer and the counters are one step, so that parallel clicks stay one answer
    mine = Attendance.objects.filter(event=locked, user_id=viewer.user_id)
    before = mine.values_list("answer", flat=True).first() or ""
    if before == answer:
        return locked

    if answer:
        values = {"answer": answer, "answered_at": now}
        Attendance.objects.update_or_create(event=locked, user_id=viewer.user_id, defaults=values)
    else:
        mine.delete()
    recount_events(CalendarEvent.objects.filter(pk=locked.pk))
    locked.refresh_from_db(fields=["going_count", "maybe_count"])

    data = {"answer": answer, "space": locked.topic.space_id}
    events.record("event.answered", actor=viewer, target=locked, at=at, data=data)
    return locked


@transaction.atomic
def events_remind(*, at: datetime | None = None) -> int:
    """Tell those who go of events that start within the hour. A schedule of the worker; returns how many events."""
    now = at or timezone.now()
    rows = CalendarEvent.objects.select_for_update(skip_locked=True, of=("self",)).select_related("topic")
    soon = rows.filter(starts_at__gt=now, starts_at__lte=now + REMINDED_BEFORE, reminded_at=None, cancelled_at=None)
    due = list(soon.filter(topic__status="published").order_by("starts_at", "pk")[:A_ROUND])

    CalendarEvent.objects.filter(pk__in=[event.pk for event in due]).update(reminded_at=now)

    for event in due:
        data = {"space": event.topic.space_id, "sequence": event.sequence}
        events.record("event.due", target=event, at=at, data=data)
    return len(due)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """What an imported topic of kind event was elsewhere; `answers` are by the ids of people."""

    topic: Topic
    columns: Mapping[str, Any]
    sequence: int = 0
    changed_at: datetime | None = None
    cancelled_at: datetime | None = None
    answers: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic
def events_import(*, rows: Sequence[EventRow]) -> None:
    """Give imported topics of kind event their times (`columns` are `plans.checked`) and answers, once a topic.

    Nobody is told, and nobody is reminded of what has begun.
    """
    here = set(CalendarEvent.objects.filter(pk__in=[row.topic.pk for row in rows]).values_list("pk", flat=True))
    new = [row for row in rows if row.topic.pk not in here]
    CalendarEvent.objects.bulk_create([
        CalendarEvent(
            topic=row.topic, sequence=row.sequence, changed_at=row.changed_at or row.topic.created_at,
            cancelled_at=row.cancelled_at, **row.columns,
        )
        for row in new
    ])  # fmt: skip
    Attendance.objects.bulk_create([
        Attendance(event_id=row.topic.pk, user_id=pk, answer=answer, answered_at=row.topic.created_at)
        for row in new for pk, answer in sorted(row.answers.items())
    ])  # fmt: skip
    recount_events(CalendarEvent.objects.filter(pk__in=[row.topic.pk for row in new]))


def recount_events(rows=None) -> int:
    """Rebuild the counters from the answers; returns how many events were wrong."""
    found = CalendarEvent.objects.all() if rows is None else rows
    counted = found.annotate(
        going=Count("attendances", filter=Q(attendances__answer=Answer.GOING)),
        maybe=Count("attendances", filter=Q(attendances__answer=Answer.MAYBE)),
    ).values_list("pk", "going", "maybe", "going_count", "maybe_count")
    wrong = [row for row in counted if row[1:3] != row[3:5]]
    for pk, going, maybe, *_before in wrong:
        CalendarEvent.objects.filter(pk=pk).update(going_count=going, maybe_count=maybe)
    return len(wrong)
