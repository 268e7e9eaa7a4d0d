"""`/.well-known/security.txt` as RFC 9116 has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

#: RFC 9116, section 2.5.5: less than a year ahead, so that nobody trusts a file that nobody keeps.
VALID: Final = timedelta(days=180)


def security_txt(now: datetime) -> str:
    """The file's text; it expires 180 days after the day on which it is read (times in UTC)."""
    expires = (now.astimezone(UTC) + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    )
    return "\n".join(lines) + "\n"
