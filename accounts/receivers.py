"""The seam to django-allauth: its signals, each turned into a service call or an event."""

from __future__ import annotations

from allauth.account import signals
from django.dispatch import receiver

from accounts.events import services as events


@receiver(signals.user_signed_up, dispatch_uid="accounts.signed_up")
def signed_up(request, user, **kwargs) -> None:
    events.record("user.joined", actor=user.pk, target=user)


@receiver(signals.email_confirmed, dispatch_uid="accounts.email_confirmed")
def email_confirmed(request, email_address, **kwargs) -> None:
    events.record("user.email_confirmed", actor=email_address.user_id, target=("user", email_address.user_id))


@receiver(signals.password_changed, dispatch_uid="accounts.password_changed")
@receiver(signals.password_reset, dispatch_uid="accounts.password_reset")
def password_changed(request, user, **kwargs) -> None:
    events.record("user.password_changed", actor=user.pk, target=user)
