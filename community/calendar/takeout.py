"""Which events a person goes to, in the copy of their data."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_part
from community.calendar.models import Attendance
from community.forums.takeout import topics_of


def register_all() -> None:
    register_part(
        "attendance", label=_("Events that you answered to"), place=31, show=attendances,
        columns=[("calendar.Attendance", "user")], rows=lambda taker: Attendance.objects.filter(user=taker.user),
    )  # fmt: skip


def attendances(taker: Taker, rows: Sequence[Attendance]) -> list[Row]:
    found = topics_of(taker, (row.event_id for row in rows))
    return [
        found.get(row.event_id, {}) | {"topic": row.event_id, "answer": row.answer, "at": row.answered_at}
        for row in rows
    ]
