"""What a thread of kind event has beyond a thread: its times, its place, who comes; people are still names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError

from community.calendar.models import Answer, CalendarEvent
from community.calendar.plans import EventPlan, checked, clock
from community.calendar.services import EventRow
from community.forums.models import Topic
from config.archive.fields import Row
from config.archive.people import Authors
from config.archive.problem import problem_from

# The list of people that an answer stands for.
LISTS: Final = {"going": Answer.GOING, "maybe": Answer.MAYBE, "declined": Answer.NO}


@dataclass(slots=True)
class NamedEvent:
    """As `EventRow` of the calendar, with names."""

    columns: dict[str, Any]
    sequence: int = 0
    changed_at: datetime | None = None
    cancelled_at: datetime | None = None
    answers: dict[str, str] = field(default_factory=dict)

    def people(self) -> Iterator[tuple[str, datetime | None]]:
        yield from ((name, None) for name in self.answers)

    def row(self, topic: Topic, authors: Authors) -> EventRow:
        known = {authors.id_of(name): answer for name, answer in self.answers.items()}
        return EventRow(
            topic=topic, columns=self.columns, sequence=self.sequence, changed_at=self.changed_at,
            cancelled_at=self.cancelled_at, answers={pk: answer for pk, answer in known.items() if pk is not None},
        )  # fmt: skip


def event_of(row: Row) -> NamedEvent:
    """Raises RowProblem by field of `event`."""
    part = row.part("event")
    plan = EventPlan(
        starts=_clock(part, "starts"), ends=_clock(part, "ends"), zone=part.text("zone", limit=64),
        place=part.text("place", limit=200, required=False), join_url=part.text("join_url", limit=500, required=False),
        join_minutes=part.count("join_minutes") if part.has("join_minutes") else None,
    )  # fmt: skip
    try:
        columns = checked(plan)
    except ValidationError as error:
        problem = problem_from(error)
        raise part.refuse(problem.field, problem.why) from None
    return NamedEvent(
        columns, sequence=part.count("sequence"), changed_at=part.moment("changed"),
        cancelled_at=part.moment("cancelled"),
        answers={name: answer for words, answer in LISTS.items() for name in part.words(words)},
    )  # fmt: skip


def _clock(part: Row, name: str) -> datetime:
    """What a clock there shows; it may lie ahead."""
    text = part.text(name, limit=40)
    try:
        return clock(text, field=name)
    except ValidationError:
        raise part.refuse(name, f"is no time of a clock: “{text}”; write 2030-05-17T15:00, and its zone") from None


def event_told(event: CalendarEvent, *, is_whole: bool) -> dict[str, Any]:
    """An event as it is exported; the link to join and who comes leave the house only with everything."""
    told: dict[str, Any] = {
        "starts": event.starts.replace(tzinfo=None).isoformat(), "ends": event.ends.replace(tzinfo=None).isoformat(),
        "zone": event.zone, "place": event.place, "sequence": event.sequence, "changed": event.changed_at.isoformat(),
        "cancelled": event.cancelled_at.isoformat() if event.cancelled_at else None,
    }  # fmt: skip
    if not is_whole:
        return told
    answers = list(event.attendances.all())
    lists = {words: [one.user.username for one in answers if one.answer == answer] for words, answer in LISTS.items()}
    return told | {"join_url": event.join_url, "join_minutes": event.join_minutes} | lists
