"""Times in the content are ages (`41d 6h ago`) or steps (`+2h`), so that the community is as fresh as its loading."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_PART = re.compile(r"(\d+)\s*([dhm])")
_UNIT = {"d": "days", "h": "hours", "m": "minutes"}


class BadAge(ValueError):
    """A time in the content that cannot be read."""


def span(text: str) -> timedelta:
    """`41d 6h` as a duration. Raises BadAge."""
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip():
        raise BadAge(f"“{text}” is no age; write it like “41d 6h” or “20m”.")
    return sum((timedelta(**{_UNIT[unit]: int(number)}) for number, unit in parts), timedelta())


def moment(text: str, *, now: datetime, before: datetime | None = None) -> datetime:
    """The time of `41d 6h ago` counted from now, or of `+2h` counted from `before`. Raises BadAge."""
    text = text.strip()
    if text.startswith("+"):
        if before is None:
            raise BadAge(f"“{text}” has nothing before it.")
        return before + span(text[1:])
    return now - span(text.removesuffix("ago"))
