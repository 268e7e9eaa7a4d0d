"""What a viewer may do with people."""

from __future__ import annotations

from accounts.models import User
from accounts.viewer import Viewer


def can_see_person(viewer: Viewer, user: User) -> bool:
    """Profiles are open to all; those who left are gone for everyone but admins."""
    return user.is_active or viewer.is_admin


def can_see_contact(viewer: Viewer, user: User) -> bool:
    """E-mail address and company: the person and those who work with customers."""
    return (viewer.user_id == user.pk and viewer.is_signed_in) or viewer.is_agent or viewer.is_manager


def can_edit_profile(viewer: Viewer, user: User) -> bool:
    return viewer.is_admin or (viewer.is_signed_in and viewer.user_id == user.pk)


def can_manage_people(viewer: Viewer) -> bool:
    """Who adds people, gives roles and decides who belongs to which company and group."""
    return viewer.is_admin


def can_manage_tokens(viewer: Viewer, user: User) -> bool:
    return viewer.is_admin or (viewer.is_signed_in and viewer.user_id == user.pk)
