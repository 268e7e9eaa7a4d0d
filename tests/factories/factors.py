"""Second factors."""

from __future__ import annotations

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from accounts.models import User


def make_app(user: User) -> str:
    """An authenticator app that is set up; returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def make_codes(user: User) -> list[str]:
    """Recovery codes."""
    return RecoveryCodes.activate(user).generate_codes()


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or will show some half minutes ahead: the one after is taken too."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))
