"""What a thread's row says of how the topic stands; people and other topics are still names and ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from community.forums.models import TopicTimer
from community.forums.services.archive_standing import Standing, Timer
from config.archive.fields import Row
from config.archive.people import Authors


@dataclass(slots=True)
class NamedTimer:
    act: str
    due_at: datetime
    by: str


@dataclass(slots=True)
class Named:
    """As `Standing` of the forum, with names and the source's ids."""

    fixed: Standing = field(default_factory=Standing)
    solved_by: str = ""
    duplicate_of: str = ""
    merged_into: str = ""
    timers: list[NamedTimer] = field(default_factory=list)

    def people(self) -> Iterator[tuple[str, datetime | None]]:
        yield self.solved_by, None
        yield from ((timer.by, None) for timer in self.timers)

    def row(self, authors: Authors, key_of: Callable[[str], str]) -> Standing:
        """`key_of` makes a thread's id a source key."""
        own = self.fixed
        return Standing(
            is_archived=own.is_archived, is_unlisted=own.is_unlisted, slow_seconds=own.slow_seconds, notice=own.notice,
            needs_info_since=own.needs_info_since, bumped_at=own.bumped_at, solved_at=own.solved_at,
            solved_by_id=authors.id_of(self.solved_by),
            duplicate_of_key=key_of(self.duplicate_of) if self.duplicate_of else "",
            merged_into_key=key_of(self.merged_into) if self.merged_into else "",
            timers=[Timer(timer.act, timer.due_at, authors.id_of(timer.by)) for timer in self.timers],
        )  # fmt: skip


def standing_of(row: Row) -> Named:
    """Raises RowProblem by field."""
    return Named(
        fixed=Standing(
            is_archived=row.flag("is_archived"), is_unlisted=row.flag("is_unlisted"),
            slow_seconds=row.count("slow_seconds"), notice=row.text("notice", limit=500, required=False),
            needs_info_since=row.moment("needs_info"), bumped_at=row.moment("bumped"), solved_at=row.moment("solved"),
        ),
        solved_by=row.text("solved_by", limit=150, required=False),
        duplicate_of=row.key("duplicate_of", required=False),
        merged_into=row.key("merged_into", required=False),
        timers=[_timer(entry) for entry in row.rows("timers")],
    )  # fmt: skip


def _timer(entry: Row) -> NamedTimer:
    """A timer is the one time of a row that lies ahead."""
    due = entry.moment("due", required=True, is_to_come=True)
    assert due  # noqa: S101 (required)
    act = entry.choice("act", tuple(TopicTimer.Act.values), TopicTimer.Act.CLOSE)
    return NamedTimer(act, due, entry.text("by", limit=150, required=False))
