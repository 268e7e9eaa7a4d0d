"""What a viewer may do with a space."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.spaces.models import Space


def audience(space: Space) -> frozenset[str]:
    """The tokens that open a space and everything published in it."""
    return frozenset({space.token})


def can_see(viewer: Viewer, space: Space) -> bool:
    return viewer.may_read(audience(space))


def can_moderate(viewer: Viewer, space_id: int) -> bool:
    """Moderators of the site and the space's own reviewers, where they can read it at all."""
    return f"space:{space_id}" in viewer.tokens and (viewer.is_moderator or f"review:{space_id}" in viewer.tokens)


def can_post(viewer: Viewer, space: Space) -> bool:
    """Signed in, able to read it, and the space is not archived."""
    return viewer.is_signed_in and can_see(viewer, space) and not space.is_archived


def can_manage(viewer: Viewer) -> bool:
    """Who sets up spaces."""
    return viewer.is_admin
