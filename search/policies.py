"""Who may shape what others find."""

from __future__ import annotations

from accounts.viewer import Viewer


def can_curate(viewer: Viewer) -> bool:
    """Pins and synonyms are the work of all staff; for everyone else these pages do not exist."""
    return viewer.is_staff


def can_tune(viewer: Viewer) -> bool:
    """How all results are weighed is for managers."""
    return viewer.is_manager
