"""Who may have whose data copied. The copy itself is for the person alone, whoever asked for it."""

from __future__ import annotations

from accounts.erasing.policies import can_list, can_work_on
from accounts.models import User
from accounts.viewer import Viewer

__all__ = ["can_ask", "can_fetch", "can_list"]


def can_ask(viewer: Viewer, user: User) -> bool:
    """One's own, by a sign-in or a key that reads what is private; and staff for who asks by mail, as with erasing."""
    return can_fetch(viewer, user) or can_work_on(viewer, user)


def can_fetch(viewer: Viewer, user: User) -> bool:
    """The person, and nobody else, an admin neither."""
    return viewer.is_signed_in and viewer.user_id == user.pk and viewer.reads_own
