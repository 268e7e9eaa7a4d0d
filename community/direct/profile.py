"""The way from a person's profile to a message to them."""

from __future__ import annotations

from accounts.models import User
from accounts.panels import ProfilePanel
from accounts.viewer import Viewer
from community.direct.policies import can_start


def write_to(viewer: Viewer, person: User) -> ProfilePanel | None:
    """A link, for those who may start conversations, on the profiles of others whom they do not ignore."""
    is_other = person.pk != viewer.user_id and not viewer.ignores(person.pk)
    if not can_start(viewer) or not is_other or not person.is_active:
        return None
    return ProfilePanel("direct/_profile.html", {"username": person.username})
