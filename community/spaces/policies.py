"""What a viewer may do with a space."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.spaces.models import Act, Space


def audience(space: Space) -> frozenset[str]:
    """The tokens that open a space and everything published in it."""
    return frozenset({space.token})


def can_see(viewer: Viewer, space: Space) -> bool:
    return viewer.may_read(audience(space))


def can_moderate(viewer: Viewer, space_id: int) -> bool:
    """Moderators of the site and the space's own reviewers, where they can read it at all."""
    return f"space:{space_id}" in viewer.tokens and (viewer.is_moderator or f"review:{space_id}" in viewer.tokens)


def may(viewer: Viewer, space: Space, act: str) -> bool:
    """Start topics, reply or tag: signed in, able to read it, named by the space's rule for the act if it has one.

    Whoever moderates the space may always; in an archived one nobody may. Asks no database.
    """
    if not viewer.is_signed_in or not can_see(viewer, space) or space.is_archived:
        return False
    return act not in space.narrowed or f"{act}:{space.pk}" in viewer.tokens or can_moderate(viewer, space.pk)


def can_post(viewer: Viewer, space: Space) -> bool:
    return may(viewer, space, Act.START)


def can_manage(viewer: Viewer) -> bool:
    """Who sets up spaces."""
    return viewer.is_admin


def can_manage_people(viewer: Viewer, space: Space) -> bool:
    """Invite, let in, make reviewers, take out: admins and whoever moderates the space."""
    return viewer.is_admin or can_moderate(viewer, space.pk)


def can_join(viewer: Viewer, space: Space) -> bool:
    """Belong to it without asking anybody."""
    return _can_come(viewer, space) and space.joining == Space.Joining.OPEN


def can_ask(viewer: Viewer, space: Space) -> bool:
    """Ask to belong to it. What one does not read does not exist, so nobody can ask for that."""
    return _can_come(viewer, space) and space.joining == Space.Joining.REQUEST


def _can_come(viewer: Viewer, space: Space) -> bool:
    return viewer.is_signed_in and can_see(viewer, space) and not space.is_archived
