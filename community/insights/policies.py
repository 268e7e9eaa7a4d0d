"""Who reads the numbers."""

from __future__ import annotations

from accounts.viewer import Viewer


def can_see(viewer: Viewer) -> bool:
    """Managers and admins; for everyone else the page does not exist."""
    return viewer.is_manager
