"""Somebody proved that an address is theirs: invitations that were sent to it are theirs by name from then on."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.events.models import Event
from accounts.models import User
from community.spaces.services import address_confirmed


def address_was_confirmed(event: Event) -> None:
    """Subscriber of user.email_confirmed. They are told of each, so a link opened elsewhere is not lost."""
    user = User.objects.filter(pk=event.target_id, is_active=True).first()
    if user is not None:
        emails = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
        address_confirmed(user=user, emails=list(emails))
