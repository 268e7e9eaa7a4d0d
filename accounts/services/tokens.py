"""Keys to the API. The token itself is returned once and never stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.api.permissions import SCOPES
from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import ApiToken, User
from accounts.text import clean_line
from accounts.viewer import Viewer

MOST_TOKENS: Final = 25


def digest_of(token: str) -> str:
    """What is kept of a token. Tokens are 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def token_create(
    *, viewer: Viewer, user: User, name: str = "", scopes: Iterable[str] = ("read",), at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token for a person, as (row, the token itself). Scopes can only take away from what the person may do.

    Raises NotAllowed for another's token unless admin, ValidationError by field for unknown scopes, none, and for
    more than 25 living tokens.
    """
    if not policies.can_manage_tokens(viewer, user):
        raise NotAllowed(_("You can only make tokens of your own."))
    chosen = [scope for scope in SCOPES if scope in set(scopes)]
    if unknown := set(scopes) - set(SCOPES):
        raise ValidationError({"scopes": _("There is no scope “%s”.") % sorted(unknown)[0]})
    if not chosen:
        raise ValidationError({"scopes": _("Choose what the token may do.")})
    if ApiToken.objects.filter(user=user, revoked_at=None).count() >= MOST_TOKENS:
        raise ValidationError({"name": _("You have %d tokens. Revoke one that you no longer use.") % MOST_TOKENS})

    token = f"tw_{secrets.token_urlsafe(32)}"
    row = ApiToken.objects.create(
        user=user, name=clean_line(name, field="name", limit=80, required=False), scopes=chosen,
        prefix=token[:10], digest=digest_of(token),
    )  # fmt: skip

    events.record("token.created", actor=viewer, target=row, data={"user": user.pk, "scopes": chosen}, at=at)
    return row, token


@transaction.atomic
def token_revoke(*, viewer: Viewer, token: ApiToken, at: datetime | None = None) -> ApiToken:
    """End a token at once. Raises NotAllowed for another's unless admin; again is nothing."""
    if not policies.can_manage_tokens(viewer, token.user):
        raise NotAllowed(_("You can only revoke tokens of your own."))
    if token.revoked_at is not None:
        return token

    token.revoked_at = at or timezone.now()
    token.save(update_fields=["revoked_at"])

    events.record("token.revoked", actor=viewer, target=token, data={"user": token.user_id}, at=at)
    return token


def token_used(token: ApiToken) -> None:
    """Remember that a token opened something; not an event, because every call would be one."""
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
