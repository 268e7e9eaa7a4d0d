"""Reading notifications. Rows are told only after their kind re-read the target for this viewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.prepared import asked
from accounts.viewer import Viewer
from community.notifications import services
from community.notifications.models import Inbox, Notification
from community.notifications.registry import Message, message_kind

PAGE = 20
MOST = 100
MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One row ready to be shown."""

    row: Notification
    message: Message
    icon: str


@dataclass(frozen=True, slots=True)
class Page:
    """`more_before` is the number to go on from, or None at the end."""

    lines: list[Line]
    more_before: int | None


def unread_count(viewer: Viewer) -> int:
    """For the bell, by one query on a partial index; counts to 100, which the bell shows as 99+.

    It trusts the marks: a target that the viewer lost since is taken off when the list is next read.
    """
    if not viewer.is_signed_in:
        return 0
    return len(asked("notifications.unread", _unread_numbers, viewer))


def _unread_numbers(viewer: Viewer) -> QuerySet:
    return Notification.objects.visible_to(viewer).unread().order_by().values_list("number")[:MOST]


def last_number(viewer: Viewer) -> int:
    """The newest number given to this person."""
    found = Inbox.objects.filter(user_id=viewer.user_id).values_list("last_number", flat=True).first()
    return found or 0


def resolved(viewer: Viewer, rows: Iterable[Notification]) -> list[Line]:
    """The rows that the viewer may still see, in their order; one call of `resolve` a kind."""
    rows = list(rows)
    by_kind: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    lines: dict[int, Line] = {}
    for kind, its_rows in by_kind.items():
        registered = message_kind(kind)
        if registered is None:
            continue
        for pk, message in registered.resolve(viewer, its_rows).items():
            lines[pk] = Line(next(row for row in its_rows if row.pk == pk), message, registered.icon)
    return [lines[row.pk] for row in rows if row.pk in lines]


def for_page(viewer: Viewer, *, before: int | None = None, only_unread: bool = False, size: int = PAGE) -> Page:
    """A page of lines, newest first, below a number; rows whose target is lost are marked hidden on the way."""
    rows = Notification.objects.visible_to(viewer).select_related("actor").order_by("-number")
    rows = rows.unread() if only_unread else rows.shown()
    lines: list[Line] = []
    for _round in range(MOST_ROUNDS):
        below = rows if before is None else rows.filter(number__lt=before)
        batch = list(below[: size - len(lines)])
        if not batch:
            return Page(lines, None)
        lines += _kept(viewer, batch)
        before = batch[-1].number
        if len(lines) == size:
            break
    return Page(lines, before if rows.filter(number__lt=before).exists() else None)


def _kept(viewer: Viewer, rows: list[Notification]) -> list[Line]:
    lines = resolved(viewer, rows)
    lost = {row.pk for row in rows} - {line.row.pk for line in lines}
    if lost:
        services.notifications_hide(viewer=viewer, ids=lost)
    return lines


def recent(viewer: Viewer, *, since: int, limit: int = 3) -> list[Line]:
    """The newest few unread lines after a number, oldest first: what a toast shows."""
    rows = Notification.objects.visible_to(viewer).unread().filter(number__gt=since)
    return list(reversed(_kept(viewer, list(rows.select_related("actor").order_by("-number")[:limit]))))
