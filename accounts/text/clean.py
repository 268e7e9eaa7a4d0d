"""Checks on raw input: length, emptiness, characters that no text may hold. Each refusal names its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LIMITS: Final = {"title": 200, "body": 32_000, "article": 200_000, "note": 2_000, "line": 200, "tag": 40, "search": 256}
# Control characters but line ends and tabs, halves of characters (surrogates), and invisible characters that can
# reorder or hide text (bidirectional overrides, "Trojan Source", CVE-2021-42574).
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def clean_source(text: object, *, field: str = "body", limit: int = LIMITS["body"], required: bool = True) -> str:
    """A text of several lines: unified line ends, trimmed at the end.

    Raises ValidationError({field: …}) for a non-text, an empty text (if required), one over `limit` characters
    (counted raw), and for control characters.
    """
    if not isinstance(text, str):
        raise ValidationError({field: _("This must be a text.")})
    if len(text) > limit:
        raise ValidationError(
            {
                field: _("This is %(length)s characters long; the most is %(limit)s. Shorten it and send it again.")
                % {"length": f"{len(text):,}", "limit": f"{limit:,}"}
            }
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _FORBIDDEN.search(text):
        raise ValidationError(
            {
                field: _("This holds a character that cannot be shown (U+%(code)s). Remove it and send it again.")
                % {"code": f"{ord(found[0]):04X}"}
            }
        )
    text = text.rstrip()
    if required and not _has_visible(text):
        raise ValidationError({field: _("Write something here.")})
    return text


def clean_line(text: object, *, field: str = "title", limit: int = LIMITS["title"], required: bool = True) -> str:
    """A text of one line: as `clean_source`, with runs of white space made one space."""
    return " ".join(clean_source(text, field=field, limit=limit, required=required).split())


def all_of(checks: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """What each check gives, by its name. Raises one ValidationError with all that is wrong, so that a form tells it
    at once instead of one field a try; a check that is not told by field speaks under its own name."""
    values: dict[str, Any] = {}
    wrong: dict[str, list[ValidationError]] = {}
    for name, check in checks.items():
        try:
            values[name] = check()
        except ValidationError as error:
            told = error.error_dict if hasattr(error, "error_dict") else {name: error.error_list}
            for field, errors in told.items():
                wrong.setdefault(field, []).extend(errors)
    if wrong:
        raise ValidationError(wrong)  # type: ignore[arg-type]
    return values


def whole_number(text: str, *, most: int = 10**18 - 1) -> int | None:
    """A number from 0 to `most` as an address or a form sends it, and None for anything else.

    The bound keeps what no database holds in 64 bits, and what takes long to read, away from both.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        return None
    number = int(text)
    return number if number <= most else None


def _has_visible(text: str) -> bool:
    return any(not character.isspace() and unicodedata.category(character) != "Cf" for character in text)
