"""Typed reading of one row: each wrong, missing or outsized value is refused by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from config.archive.problem import RowProblem

MOST_ITEMS: Final = 20_000
_OFFSET: Final = re.compile(r"\s+([+-]\d{2}:?\d{2}|Z)$")
_MOST_ADDRESSES: Final = 500
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9998, 12, 31, tzinfo=UTC)
_MOST: Final = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Row:
    """A JSON object. `place` is where it stands in its line (`replies[3].`), for messages."""

    values: Mapping[str, Any]
    place: str = ""

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def refuse(self, name: str, why: str) -> RowProblem:
        return RowProblem(f"{self.place}{name}", why)

    def text(self, name: str, *, limit: int, required: bool = True) -> str:
        """A text of at most `limit` characters; empty where it is not given and not required."""
        value = self.values.get(name)
        if value is None:
            if required:
                raise self.refuse(name, "is missing")
            return ""
        if not isinstance(value, str):
            raise self.refuse(name, f"must be a text, not {_kind(value)}")
        if len(value) > limit:
            raise self.refuse(name, f"is {len(value):,} characters long; the most is {limit:,}")
        if "\x00" in value:
            raise self.refuse(name, "holds a NUL character")
        if not value.isascii() and not _is_sound(value):
            raise self.refuse(name, "holds half of a character (a lone surrogate)")
        if required and not value.strip():
            raise self.refuse(name, "is empty")
        return value

    def key(self, name: str, *, required: bool = True) -> str:
        """An id: a short text or a whole number."""
        value = self.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
            return str(value)
        return self.text(name, limit=200, required=required).strip()

    def moment(self, name: str, *, required: bool = False, is_to_come: bool = False) -> datetime | None:
        """A time: ISO 8601 or “2024-01-02 03:21:52 +0000”; without an offset it is UTC.

        It lies between 1970 and tomorrow; one that `is_to_come` may lie ahead, before the year 9999.
        """
        text = self.text(name, limit=40, required=required).strip()
        if not text:
            return None
        try:
            value = datetime.fromisoformat(_OFFSET.sub(r"\1", text))
        except ValueError:
            raise self.refuse(name, f"is no time: “{text}”; write 2024-01-02T03:21:52Z") from None
        value = value if value.tzinfo else value.replace(tzinfo=UTC)
        try:
            is_sane = _EARLIEST <= value <= (_LATEST if is_to_come else timezone.now() + timedelta(days=1))
            value = value.astimezone(UTC)
        except OverflowError:
            is_sane = False
        if not is_sane:
            raise self.refuse(name, f"is not between 1970 and {'9998' if is_to_come else 'today'}: “{text}”")
        return value

    def count(self, name: str) -> int:
        """A whole number from 0; 0 where it is not given."""
        value = self.values.get(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(name, f"must be a whole number, not {_kind(value)}")
        if not 0 <= value <= _MOST:
            raise self.refuse(name, f"must be from 0 to {_MOST:,}")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.refuse(name, f"must be true or false, not {_kind(value)}")
        return value

    def choice(self, name: str, choices: Mapping[str, str] | tuple[str, ...], default: str) -> str:
        """One of the given words."""
        value = self.text(name, limit=60, required=False)
        if value and value not in choices:
            raise self.refuse(name, f"must be one of {', '.join(choices)}, not “{value}”")
        return value or default

    def words(self, name: str) -> list[str]:
        """A list of short texts."""
        value = self._list(name)
        return [Row({str(n): item}, f"{self.place}{name}.").text(str(n), limit=200) for n, item in enumerate(value)]

    def addresses(self) -> list[str]:
        """`url` and the further addresses in `also`, at most 500 of them: a topic may have taken in many others."""
        listed = self._list("also")[:_MOST_ADDRESSES]
        also = [Row({"also": value}, self.place).text("also", limit=2_000) for value in listed]
        url = self.text("url", limit=2_000, required=False)
        return [url, *also] if url else also

    def part(self, name: str) -> Row:
        """An object that must be there."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise self.refuse(name, "is missing" if value is None else f"must be an object, not {_kind(value)}")
        return Row(value, f"{self.place}{name}.")

    def rows(self, name: str) -> Iterator[Row]:
        """A list of objects."""
        for number, item in enumerate(self._list(name)):
            if not isinstance(item, dict):
                raise self.refuse(f"{name}[{number}]", f"must be an object, not {_kind(item)}")
            yield Row(item, f"{self.place}{name}[{number}].")

    def _list(self, name: str) -> list[Any]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.refuse(name, f"must be a list, not {_kind(value)}")
        if len(value) > MOST_ITEMS:
            raise self.refuse(name, f"holds {len(value):,} items; the most is {MOST_ITEMS:,}")
        return value


def _is_sound(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "a number")
