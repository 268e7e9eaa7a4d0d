"""Who is behind a session: the row is read by a statement that is built once, not anew in each request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.prepared import asked
from accounts.viewer import ANONYMOUS, Viewer


class PersonBackend(AuthenticationBackend):
    """Allauth's, which stays in the settings behind this one for sessions that began before there was this one."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:  # type: ignore[override]
        """As allauth's. Raises PermissionDenied for a wrong password, so that it is not hashed once more behind."""
        user = super().authenticate(request, **credentials)
        if user is None and credentials.get("password"):
            raise PermissionDenied
        return user  # type: ignore[return-value]

    def get_user(self, user_id: int) -> User | None:
        """The person, or None where there is none or they may not sign in any more. One statement."""
        found: list[User] = asked("accounts.person", _person, ANONYMOUS, person=int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


def _person(viewer: Viewer, person: int) -> QuerySet:
    return User.objects.filter(pk=person).order_by()
