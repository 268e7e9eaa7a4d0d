"""Whom a person may ignore."""

from __future__ import annotations

from accounts.models import User
from accounts.viewer import Viewer


def can_ignore(viewer: Viewer, person: User) -> bool:
    """Anybody but oneself and staff, whose words are the company's."""
    return viewer.reads_own and person.pk != viewer.user_id and person.is_active and not person.roles
