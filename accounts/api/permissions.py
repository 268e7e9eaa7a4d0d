"""What a token's scopes open. A scope can only take away from what its person may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import ApiToken
from accounts.viewer import ANONYMOUS, Viewer, viewer_for

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
    scopes = set(request.auth.scopes)
    if "staff" not in scopes and viewer.roles:
        tokens = {
            t for t in viewer.tokens if not t.startswith(("staff", "role:", "review:")) and not t.endswith("/staff")
        }
        viewer = replace(viewer, roles=frozenset(), tokens=frozenset(tokens))
    if "private" not in scopes:
        viewer = replace(viewer, tokens=viewer_for(None).tokens | (ANONYMOUS.tokens))
    return viewer


class ScopePermission(BasePermission):
    """Reading needs `read`, everything else `write`; a browser's session has both."""

    def has_permission(self, request, view) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        return ("read" if request.method in SAFE_METHODS else "write") in request.auth.scopes
