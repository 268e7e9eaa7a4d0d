"""Reading second factors."""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator

from accounts.models import User

CODES: Final = Authenticator.Type.RECOVERY_CODES


def has_factor(user: User) -> bool:
    """Whether an app or a key is set up; recovery codes alone are none. One statement."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=CODES).exists()
