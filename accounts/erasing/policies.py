"""Who may have whom erased, and who may hold it up."""

from __future__ import annotations

from accounts.models import User
from accounts.viewer import Viewer


def can_work_on(viewer: Viewer, user: User) -> bool:
    """For somebody who asked by mail: managers, of people without a role; admins, of everybody."""
    return viewer.is_admin or (viewer.is_manager and not user.roles)


def can_ask(viewer: Viewer, user: User) -> bool:
    """One's own account, by a sign-in or a key that reads what is private; and as `can_work_on`."""
    is_own = viewer.is_signed_in and viewer.user_id == user.pk and viewer.reads_own
    return is_own or can_work_on(viewer, user)


def can_list(viewer: Viewer) -> bool:
    return viewer.is_manager
