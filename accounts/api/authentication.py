"""Who calls: a Bearer token, or the browser's own session (with CSRF)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions

from accounts.factors.policies import must_set_up
from accounts.models import ApiToken
from accounts.services.tokens import digest_of, token_used


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer tw_…`."""

    def authenticate(self, request):
        header = authentication.get_authorization_header(request).decode("latin-1")
        kind, _space, token = header.partition(" ")
        if kind.lower() != "bearer":
            return None
        row = ApiToken.objects.select_related("user").filter(digest=digest_of(token.strip()), revoked_at=None).first()
        if row is None or not row.user.is_active:
            raise exceptions.AuthenticationFailed(_("This token is not valid, or was revoked."))
        if row.last_used_at is None or timezone.now() - row.last_used_at > timedelta(minutes=5):
            token_used(row)
        return row.user, row

    def authenticate_header(self, request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; unsafe methods need the CSRF token, and who must have a second factor has one."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found and must_set_up(found[0], path=request.path):
            raise exceptions.PermissionDenied(_("Set up a second factor first: open this community in your browser."))
        return found

    def authenticate_header(self, request) -> str:
        return "Bearer"
