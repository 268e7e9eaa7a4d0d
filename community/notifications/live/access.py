"""What a socket asks the database: who it is, what it missed, whether it still may. Called in worker threads."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.factors.policies import must_set_up
from accounts.models import User
from accounts.viewer import Viewer, viewer_for
from community.notifications import selectors
from community.notifications.live.groups import may_watch
from community.notifications.models import Notification

CHANGED: Final = "access"
VERDICT_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Visit:
    """The sign-in that opened a socket; `user_id` is None for the anonymous."""

    user_id: int | None
    session_key: str = ""
    session_hash: str = ""

    @classmethod
    def of(cls, scope: dict[str, Any]) -> Self:
        user, session = scope["user"], scope["session"]
        if not (user.is_authenticated and user.is_active):
            return cls(None)
        return cls(user.pk, session.session_key or "", session.get(HASH_SESSION_KEY, ""))

    @property
    def reader(self) -> Viewer:
        """Enough of a Viewer to count one's own rows; what they hold is never read through it."""
        return Viewer(user_id=self.user_id, tokens=frozenset({f"user:{self.user_id}"}))


@dataclass(frozen=True, slots=True)
class Missed:
    numbers: list[int]
    last: int
    unread: int
    too_many: bool


def greet(visit: Visit) -> dict[str, int]:
    """The newest number and the unread count, for `hello` and `pong`."""
    viewer = visit.reader
    if not viewer.is_signed_in:
        return {"user": 0, "last": 0, "unread": 0}
    last, unread = selectors.last_number(viewer), selectors.unread_count(viewer)
    return {"user": viewer.user_id or 0, "last": last, "unread": unread}


def missed(visit: Visit, since: int, limit: int) -> Missed:
    """The numbers after `since`, in order; `too_many` when they are more than `limit` or `since` was never given."""
    viewer = visit.reader
    # Read before the rows: what is committed in between is sent now or by its own hint, never skipped.
    newest = selectors.last_number(viewer)
    rows = Notification.objects.visible_to(viewer).after(since)
    numbers = list(rows.values_list("number", flat=True)[: limit + 1])
    too_many = len(numbers) > limit or since > newest
    reached = numbers[-1] if numbers else since
    return Missed(numbers, newest if too_many else reached, selectors.unread_count(viewer), too_many)


def ended(visits: Iterable[Visit]) -> set[Visit]:
    """Those whose session is over, whose password or second factors changed, or who were deactivated.

    Two queries for all of them, and one for each that must have a second factor.
    """
    visits = set(visits)
    users = {user.pk: user for user in User.objects.filter(pk__in={v.user_id for v in visits}, is_active=True)}
    alive = set(
        Session.objects.filter(session_key__in={v.session_key for v in visits}, expire_date__gt=timezone.now())
        .values_list("session_key", flat=True)
    )
    return {visit for visit in visits if not _stands(visit, users.get(visit.user_id or 0), alive)}


def _stands(visit: Visit, user: User | None, alive: set[str]) -> bool:
    if user is None or visit.session_key not in alive:
        return False
    if must_set_up(user):
        return False
    return constant_time_compare(visit.session_hash, user.get_session_auth_hash())


_verdicts: dict[tuple[int | None, str], tuple[float, bool]] = {}


def allowed(visit: Visit, group: str) -> bool:
    """Whether the visitor may listen to a group now. Sockets of one person, and all the anonymous, share the answer
    for a second."""
    now = time.monotonic()
    at, verdict = _verdicts.get((visit.user_id, group), (0.0, False))
    if now - at < VERDICT_SECONDS:
        return verdict
    verdict = not group.startswith("user.") and may_watch(_fresh_viewer(visit.user_id), group)
    if len(_verdicts) > 10_000:
        _verdicts.clear()
    _verdicts[visit.user_id, group] = (now, verdict)
    return verdict


def forget_verdicts() -> None:
    """Somebody's access changed: ask anew."""
    _verdicts.clear()


def _fresh_viewer(user_id: int | None) -> Viewer:
    return viewer_for(User.objects.filter(pk=user_id).first() if user_id else None)
