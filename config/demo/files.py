"""The form of the content files, read into plain values; nothing here knows the database.

A file starts with `key: value` lines. A thread goes on with posts, each after a line
`@@ username | 41d 6h ago | 5 votes | whisper | to 3`; an article goes on, after an empty line, with its Markdown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from config.demo.ages import moment

CONTENT = Path(__file__).parent / "content"
_MARK = re.compile(r"^@@ (.+)$", re.MULTILINE)


class BadContent(ValueError):
    """A content file that does not hold to the form; the message names the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One post, message or comment as written: `when` is an age or a step, `marks` the bare words after it."""

    username: str
    when: str
    body: str
    votes: int = 0
    answers: int | None = None
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its key (the file's name), its folder, its head lines and either its text or its entries."""

    key: str
    folder: str
    head: dict[str, str]
    text: str = ""
    entries: tuple[Entry, ...] = field(default=())

    def names(self, key: str) -> list[str]:
        """The comma-separated words of a head line."""
        return [word.strip() for word in self.head.get(key, "").split(",") if word.strip()]

    def number(self, key: str) -> int | None:
        return int(self.head[key]) if key in self.head else None

    def says(self, key: str) -> bool:
        return self.head.get(key) == "yes"

    def times(self, now: datetime) -> list[datetime]:
        """When each entry was written, steps added up. Raises BadContent where one is not after the other."""
        times: list[datetime] = []
        for entry in self.entries:
            times.append(moment(entry.when, now=now, before=times[-1] if times else None))
        if times != sorted(times) or any(time > now for time in times):
            raise BadContent(f"{self.folder}/{self.key}: the times do not follow one another.")
        return times


@cache
def table(name: str) -> dict:
    """A TOML file of the content folder."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def documents(folder: str) -> list[Document]:
    """All Markdown files below a folder of the content, in the order of their paths."""
    return [_document(path) for path in sorted((CONTENT / folder).rglob("*.md"))]


@cache
def _document(path: Path) -> Document:
    source = path.read_text(encoding="utf-8")
    marks = list(_MARK.finditer(source))
    head_end = marks[0].start() if marks else source.index("\n\n")
    try:
        head = dict(_head(source[:head_end]))
        entries = tuple(_entries(source, marks))
    except ValueError as error:
        raise BadContent(f"{path.relative_to(CONTENT)}: {error}") from error
    return Document(
        key=path.stem, folder=path.parent.name, head=head, entries=entries,
        text="" if marks else source[head_end:].strip(),
    )


def _head(source: str) -> Iterator[tuple[str, str]]:
    for line in source.strip().splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"“{line}” is no “key: value” line")
        yield key.strip(), value.strip()


def _entries(source: str, marks: list[re.Match[str]]) -> Iterator[Entry]:
    ends = [mark.start() for mark in marks[1:]] + [len(source)] * bool(marks)
    for mark, end in zip(marks, ends, strict=True):
        username, when, *rest = (part.strip() for part in mark[1].split("|"))
        votes, answers, words = 0, None, set()
        for part in rest:
            if part.endswith(("votes", "vote")):
                votes = int(part.split()[0])
            elif part.startswith("to "):
                answers = int(part[3:])
            else:
                words.add(part)
        body = source[mark.end():end].strip()
        yield Entry(username, when, body, votes, answers, frozenset(words))
