"""The seam to allauth.mfa: its signals, each turned into a service call or an event."""

from __future__ import annotations

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.dispatch import receiver

from accounts.events import services as events
from accounts.factors import services
from accounts.factors.selectors import CODES


@receiver(signals.authenticator_added, dispatch_uid="factors.added")
def added(request, user, authenticator, **kwargs) -> None:
    if authenticator.type == CODES:
        codes_made(request, user)
        return
    if authenticator.type == Authenticator.Type.TOTP:  # the code that proved it opens nothing more
        services.code_spend(row=authenticator, code=request.POST.get("code", ""))
    services.factor_changed(user=user, event="user.factor_added", kind=authenticator.type)
    update_session_auth_hash(request, user)


@receiver(signals.authenticator_removed, dispatch_uid="factors.removed")
def removed(request, user, authenticator, **kwargs) -> None:
    if authenticator.type != CODES:  # they go with the last of the others
        services.factor_changed(user=user, event="user.factor_removed", kind=authenticator.type)
        update_session_auth_hash(request, user)


@receiver(signals.authenticator_reset, dispatch_uid="factors.codes_made")
def codes_made(request, user, **kwargs) -> None:
    events.record("user.codes_made", actor=user.pk, target=("user", user.pk))
