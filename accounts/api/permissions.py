"""What a token's scopes open. A scope can only take away from what its person may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import ApiToken, User
from accounts.viewer import Viewer, viewer_for

SCOPES: Final = {
    "read": "read what everyone may read",
    "write": "post, vote, flag and edit",
    "private": "read what only this person, and not everyone, may read",
    "staff": "act with this person's staff roles",
}


def viewer_of(request) -> Viewer:
    """The Viewer of an API request: the person's, cut down to the token's scopes."""
    if not isinstance(request.auth, ApiToken):
        return viewer_for(request.user)
    return limited(request.user, set(request.auth.scopes))


def limited(user: User, scopes: set[str]) -> Viewer:
    """The person with less: without `private` they read what everyone reads, without `staff` what a member reads.

    A reviewer of one space holds no role, but reviewing it is staff's work all the same.
    """
    if not user.is_active:
        return viewer_for(None)
    if "private" not in scopes:
        everyone = viewer_for(None)
        return replace(everyone, user_id=user.pk, username=user.username, name=str(user), trust_level=user.trust_level)
    if "staff" in scopes:
        return viewer_for(user)
    member = viewer_for(user, roles=frozenset())
    return replace(member, tokens=frozenset(token for token in member.tokens if not token.startswith("review")))


class ScopePermission(BasePermission):
    """Reading needs `read`, everything else `write`; a browser's session has both."""

    def has_permission(self, request, view) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        return ("read" if request.method in SAFE_METHODS else "write") in request.auth.scopes
