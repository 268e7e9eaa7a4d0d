"""What a token's scopes open. A scope can only take away from what its person may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import ApiToken
from accounts.viewer import Viewer, viewer_for

SCOPES: Final = {
    "read": "read what everyone may read",
    "write": "post, vote, flag and edit",
    "private": "read what only this person, and not everyone, may read",
    "staff": "act with this person's staff roles",
}


def viewer_of(request) -> Viewer:
    """The Viewer of an API request: the person's, cut down to the token's scopes."""
    viewer = viewer_for(request.user)
    if not isinstance(request.auth, ApiToken):
        return viewer
    return limited(viewer, set(request.auth.scopes))


def limited(viewer: Viewer, scopes: set[str]) -> Viewer:
    """The same person with less: without `private` they read what everyone reads, without `staff` they hold no role."""
    if "private" not in scopes:
        return replace(viewer, roles=frozenset(), tokens=viewer_for(None).tokens)
    if "staff" not in scopes and viewer.roles:
        staff = ("staff", "role:", "review:")
        tokens = {t for t in viewer.tokens if not t.startswith(staff) and not t.endswith("/staff")}
        return replace(viewer, roles=frozenset(), tokens=frozenset(tokens))
    return viewer


class ScopePermission(BasePermission):
    """Reading needs `read`, everything else `write`; a browser's session has both."""

    def has_permission(self, request, view) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        return ("read" if request.method in SAFE_METHODS else "write") in request.auth.scopes
