"""Matched words marked in titles and excerpts: escaped first, then `<mark>`, and the same for every engine.

A word is marked whatever its ending, by the rules of English and of the text's own language, as it was found. Several
in one, such as the 4 2 1 of a version, are marked where they stand in a row, whatever joins them, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from search import analysis, stems

_WORD: Final = re.compile(r"[^\W_]+")
_ACCENTED: Final = re.compile(r"[^\W_\x00-\x7f]")
GAP: Final = 3  # characters at most between the words of a row
LENGTH: Final = 220
SCANNED: Final = 40_000


class Sought:
    """Words to mark, each known by its stem in English and in the text's language, and rows of several."""

    def __init__(self, words: Iterable[str], language: str = "en") -> None:
        self.read = stems.own(language)
        folded = {number: analysis.fold(word) for number, word in enumerate(words)}
        self.rows = [(number, folded.pop(number).split()) for number in [*folded] if " " in folded[number]]
        self.english = {analysis.stem(word): number for number, word in reversed(folded.items())}
        own = {self.read(word): number for number, word in folded.items()} if self.read else {}
        self.own = {stem: self.english[analysis.stem(folded[number])] for stem, number in own.items()}
        # “batteri” is “battery”; other languages change more than a last letter.
        self.beginnings = {s[:-1] if s[3:].endswith("i") else s for s in self.english} | {s[:3] for s in self.own}

    def row_from(self, text: str, start: int, row: Sequence[str]) -> int | None:
        """Where a row ends that begins here, if it does."""
        end = start
        for word in row:
            found = _WORD.search(text, end, end + GAP + 1)
            match = found and _WORD.match(text, found.start())
            if not match or analysis.stem(analysis.fold(match[0])) != analysis.stem(word):
                return None
            end = match.end()
        return end

    def which(self, word: str) -> int | None:
        """The number of the sought word that this word of a text is a form of, if any."""
        folded = analysis.fold(word)
        number = self.english.get(analysis.stem(folded))
        return self.own.get(self.read(folded)) if number is None and self.read else number


_sought: Final = lru_cache(maxsize=1_000)(Sought)


def marked(text: str, words: Iterable[str], language: str = "en") -> SafeString:
    """A text in `language` as HTML with the words marked, whatever their ending; neighbours share one mark."""
    spans: list[tuple[int, int]] = []
    for start, end, _number in _places(text, _sought(tuple(words), language)):
        if spans and text[spans[-1][1] : start] == " ":
            spans[-1] = (spans[-1][0], end)
        elif spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return _with_marks(text, spans)


def _with_marks(text: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    """Every piece escaped, and `<mark>` around those of the spans."""
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        parts += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308  all that is not ours is escaped


def excerpt(
    texts: Sequence[str], words: Iterable[str], *, language: str = "en", length: int = LENGTH
) -> SafeString:
    """The part of the texts that says most of the words, marked; the beginning of the first where none does."""
    words = tuple(words)
    sought = _sought(words, language)
    best, best_score = (next((text for text in texts if text.strip()), ""), 0), 0.0
    for text in texts:
        start, score = _densest(text[:SCANNED], sought, length)
        if score > best_score:
            best, best_score = (text, start), score
    return marked(_cut(*best, length), words, language)


def _places(text: str, sought: Sought) -> list[tuple[int, int, int]]:
    """Where the sought words are, as (start, end, number of the word).

    Only words that begin like a stem are looked at, found by plain search: a page of results has a book of text behind
    it. Words with accents are few, and each is looked at.
    """
    lowered = text.lower()
    starts: set[int] = set()
    if len(lowered) == len(text):
        for beginning in sought.beginnings:
            at = lowered.find(beginning) if beginning else -1
            while at >= 0:
                starts.add(at)
                at = lowered.find(beginning, at + 1)
        if not text.isascii() and _ACCENTED.search(text):
            starts.update(match.start() for match in _WORD.finditer(text) if not match[0].isascii())
    else:  # a letter that grows in lower case
        starts.update(match.start() for match in _WORD.finditer(text))
    found = []
    for start in sorted(starts):
        if start and _WORD.match(text[start - 1]):
            continue
        match = _WORD.match(text, start)
        if match and (number := sought.which(match[0])) is not None:
            found.append((start, match.end(), number))
    return sorted([*found, *_rows(text, sought)]) if sought.rows else found


def _rows(text: str, sought: Sought) -> list[tuple[int, int, int]]:
    """The same of the rows."""
    found = []
    for number, row in sought.rows:
        for match in re.finditer(rf"(?<![^\W_]){re.escape(row[0])}", text, re.IGNORECASE):
            if (end := sought.row_from(text, match.start(), row)) is not None:
                found.append((match.start(), end, number))
    return found


def _densest(text: str, sought: Sought, length: int) -> tuple[int, float]:
    """Where the stretch of `length` characters with most distinct words starts, and how good it is."""
    places = _places(text, sought)
    start, best = 0, 0.0
    left = 0
    for right, (position, _end, _stem) in enumerate(places):
        while position - places[left][0] > length * 0.8:
            left += 1
        inside = [number for _start, _end, number in places[left : right + 1]]
        score = len(set(inside)) + 0.1 * min(len(inside), 8)
        if score > best:
            start, best = places[left][0], score
    return start, best


def _cut(text: str, start: int, length: int) -> str:
    """About `length` characters around `start`, on one line, from a sentence's or word's start to a word's end."""
    begin = 0
    if start > length * 0.4:
        before = text[max(0, start - int(length * 0.35)) : start]
        sentence = max(before.rfind(". "), before.rfind("\n"), before.rfind("? "), before.rfind("! "))
        space = before.find(" ")
        begin = start - len(before) + (sentence + 1 if sentence >= 0 else space + 1 if space >= 0 else len(before))
    piece = text[begin : begin + length]
    if begin + length < len(text) and " " in piece[length // 2 :]:
        piece = piece[: piece.rindex(" ")]
    line = " ".join(piece.split())
    is_inside = begin > 0 and not text[:begin].rstrip().endswith((".", "?", "!"))
    return f"{'… ' if is_inside else ''}{line}" + (
        " …" if begin + length < len(text) and line else ""
    )


def begun(text: str, words: Sequence[str]) -> SafeString:
    """The text with the beginnings of its words marked where they were typed, for suggestions."""
    spans = []
    for match in _WORD.finditer(text):
        typed = next((word for word in words if analysis.fold(match[0]).startswith(word)), "")
        if typed:
            spans.append((match.start(), min(match.start() + len(typed), match.end())))
    return _with_marks(text, spans)
