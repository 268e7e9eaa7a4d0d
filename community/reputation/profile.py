"""What a person's profile shows of their standing."""

from __future__ import annotations

from accounts.models import User
from accounts.panels import ProfilePanel
from accounts.viewer import Viewer
from community.reputation import selectors


def standing(viewer: Viewer, person: User) -> ProfilePanel | None:
    """The numbers that every member may know; nothing for those who have none yet."""
    found = selectors.standing_of(person.pk)
    return ProfilePanel("reputation/_profile.html", {"standing": found}) if found.points else None
