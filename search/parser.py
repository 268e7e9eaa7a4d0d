"""From what was typed and ticked to a SearchQuery. What does not parse is plain text; only length is refused.

People paste whole messages. In these, colons, quotes and minus signs are mostly no operators: a quotation mark is one
where it does not touch a word, a minus before a plain word that is no number, and in more than 20 words filters and
minus are read only before and behind the rest.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.text import clean_line, whole_number
from search import analysis
from search.query import MOST_PAGES, MOST_TERMS, SORTS, WITHIN, SearchQuery, meant_by, words_query
from search.sources import sources

MOST_CHARACTERS: Final = 1_000
MOST_CHOICES: Final = 20
_PIECE: Final = re.compile(
    r"""(?P<minus>-)?(?:(?P<key>in|space|section|kind|is|state|has|author|by|tag|product|language|before|after):)?"""
    r"""(?:"(?P<quoted>[^"]*)"(?!\w)|(?P<bare>[^\s"]+))"""
)
_LEFT_OUT: Final = re.compile(r"(?=.*[^\W\d])[^\W_](?:[\w.'’+#@-]*\w)?")  # what a minus may stand before
_KEYS: Final = {"space": "in", "section": "in", "state": "is", "by": "author"}
_HAS: Final = {"solution": "solved", "answer": "solved", "accepted": "solved"}  # has:solution is is:solved
_QUOTES: Final = str.maketrans("“”„«»", '"""""')
_PLURALS: Final = {
    "question": "topic", "discussion": "topic", "thread": "topic", "problem": "topic",
    "praise": "topic", "event": "topic", "people": "person", "member": "person"
}


def parse(text: str, *, data: Mapping[str, Sequence[str]] | None = None) -> SearchQuery:
    """Read a search box and, from `data` (lists by name), the ticked filters, the order and the page.

    Raises ValidationError({"q": …}) for more than 1,000 characters and for characters that cannot be shown,
    ValidationError({"page" | "after" | "before": …}) for a page or a day that cannot be.
    """
    text = clean_line(text, field="q", limit=MOST_CHARACTERS, required=False)
    found = _Found()
    pieces = list(_PIECE.finditer(text.translate(_QUOTES)))
    first, last = _inside(pieces) if len(text.split()) > MOST_TERMS else (0, 0)
    for number, piece in enumerate(pieces):
        found.take(piece, is_pasted=first <= number < last)
    fields = found.fields(_choices(data or {}))
    return SearchQuery(text=text, **fields)


def kind_named(name: str) -> str | None:
    """The registered kind that a word names, in the singular or the plural, or None."""
    name = analysis.fold(name)
    known = {source.kind for source in sources()}
    for candidate in (name, name.removesuffix("s"), _PLURALS.get(name), _PLURALS.get(name.removesuffix("s"))):
        if candidate in known:
            return candidate
    return None


def _inside(pieces: Sequence[re.Match[str]]) -> tuple[int, int]:
    """Where in a long text its words begin and end, without the filters before and behind them."""
    words = [number for number, piece in enumerate(pieces) if not (piece["key"] or piece["minus"])]
    return (words[0], words[-1] + 1) if words else (0, 0)


def _choices(data: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The filters that were ticked; unknown values find nothing, too many are cut."""

    def many(name: str) -> list[str]:
        return [value.replace("\0", "")[:80] for value in data.get(name, ()) if value][:MOST_CHOICES]

    def one(name: str) -> str:
        return next(iter(many(name)), "")

    page = whole_number(one("page") or "1", most=MOST_PAGES)
    if not page:
        raise ValidationError({"page": _("Must be a whole number from 1 to %s.") % MOST_PAGES})
    return {
        "kinds": [kind_named(value) or value for value in many("kind")],
        "spaces": [*many("space"), *many("section")], "tags": [analysis.fold(tag) for tag in many("tag")],
        "states": many("state"), "authors": many("author"), "products": many("product"), "languages": many("language"),
        "within": one("date") if one("date") in WITHIN else "",
        "after": _chosen_day("after", one("after")), "before": _chosen_day("before", one("before")),
        "sort": one("sort") if one("sort") in SORTS else "relevance", "page": page,
    }


def _chosen_day(name: str, value: str) -> date | None:
    day = _day(value.strip(), last=name == "before")
    if value.strip() and day is None:
        raise ValidationError({name: _("Must be a day such as 2026-05-17, or a month, or a year.")})
    return day


def _day(value: str, *, last: bool = False) -> date | None:
    """2026, 2026-05 or 2026-05-17 as a day: the first of the span, or the last."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", value)
    if not match:
        return None
    year, month, day = (int(group) if group else 0 for group in match.groups())
    if not 1000 <= year < 9999:  # the day after it has to be one, too
        return None
    month = month or (12 if last else 1)
    try:
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except (ValueError, calendar.IllegalMonthError):
        return None


class _Found:
    """What the pieces of a typed line add up to."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.phrases: list[str] = []
        self.excluded: list[str] = []
        self.filters: dict[str, list[str]] = {
            name: [] for name in ("in", "kind", "is", "tag", "author", "product", "language")
        }
        self.after: date | None = None
        self.before: date | None = None

    def take(self, piece: re.Match[str], *, is_pasted: bool) -> None:
        """Take what a piece means; `is_pasted` is one in the midst of a long text, where only quotes are operators."""
        value = piece["quoted"] if piece["quoted"] is not None else piece["bare"]
        key = _KEYS.get(piece["key"] or "", piece["key"])
        if key and not (is_pasted or piece["minus"]) and value and self._filter(key, value):
            return
        if key:
            value = f"{piece['key']} {value}"  # not a filter after all: its words count
        words = analysis.plain_words(value)
        if not words:
            return
        is_quoted = piece["quoted"] is not None and not key and piece.string[: piece.start()][-1:].strip() == ""
        if piece["minus"] and not is_pasted and (is_quoted or _LEFT_OUT.fullmatch(value)):
            self.excluded.append(" ".join(words))
        elif is_quoted and not piece["minus"] and len(words) <= MOST_TERMS:
            self.phrases.append(" ".join(words))
        else:
            self.plain.append(value)

    def _filter(self, key: str, value: str) -> bool:
        """Take `key:value` as a filter; False when the value makes no sense there."""
        if key in {"before", "after"}:
            day = _day(value, last=key == "before")
            if day is None:
                return False
            setattr(self, key, day)
            return True
        if key == "kind":
            kind = kind_named(value)
            if kind is None:
                return False
            value = kind
        if key == "has":
            if value.lower() not in _HAS:
                return False
            key, value = "is", _HAS[value.lower()]
        self.filters[key].append(value[:80] if key in {"in", "author", "product"} else analysis.fold(value)[:80])
        return True

    def fields(self, chosen: dict[str, Any]) -> dict[str, Any]:
        return {
            "meaning": meant_by(" ".join([*self.plain, *self.phrases])),
            "plain": " ".join(self.plain),
            **words_query(" ".join(self.plain)),
            "phrases": tuple(dict.fromkeys(self.phrases))[:MOST_TERMS],
            "excluded": tuple(dict.fromkeys(self.excluded))[:MOST_TERMS],
            "kinds": _merged(self.filters["kind"], chosen["kinds"]),
            "spaces": _merged(self.filters["in"], chosen["spaces"]),
            "tags": _merged(self.filters["tag"], chosen["tags"]),
            "states": _merged(self.filters["is"], chosen["states"]),
            "authors": tuple(name.lstrip("@") for name in _merged(self.filters["author"], chosen["authors"])),
            "products": _merged(self.filters["product"], chosen["products"]),
            "languages": _merged(self.filters["language"], chosen["languages"]),
            "within": chosen["within"],
            "after": self.after or chosen["after"],
            "before": self.before or chosen["before"],
            "sort": chosen["sort"],
            "page": chosen["page"],
        }


def _merged(typed: list[str], ticked: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*typed, *ticked]))[:MOST_CHOICES]
