"""What a reader of another platform's dump gives, and what it keeps account of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

from config.archive.foreign.scratch import Scratch

Rows = Iterator[tuple[str, dict[str, Any]]]
Progress = Callable[[str, int, int], None]
# Rows of the product that a noun of the source becomes; what becomes neither is a trait of one (a vote, a tag).
MEMBERS: Final = "members"
THREADS: Final = "threads"
REPLIES: Final = "replies"


class Unreadable(Exception):
    """This is no dump of the kind that was named; the message says what is missing."""


@dataclass(slots=True)
class Ledger:
    """How many of each noun the source holds, what became of them, and why the rest was left out."""

    found: Counter[str] = field(default_factory=Counter)
    became: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)

    def rows(self, kind: str) -> int:
        """How many rows of this kind were handed on."""
        return sum(number for (_noun, became), number in self.became.items() if became == kind)

    def unexplained(self) -> dict[str, int]:
        """By noun, how many were found and neither handed on nor left out for a reason. Empty when all is well."""
        gone = Counter(self.found)
        for counts in (self.became, self.left):
            for (noun, _what), number in counts.items():
                gone[noun] -= number
        return {noun: number for noun, number in gone.items() if number}

    def to_json(self) -> dict[str, Any]:
        return {
            "found": dict(self.found), "became": [[*key, number] for key, number in self.became.items()],
            "left": [[*key, number] for key, number in self.left.items()],
        }  # fmt: skip

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Ledger:
        return cls(
            Counter(values["found"]),
            Counter({(noun, kind): number for noun, kind, number in values["became"]}),
            Counter({(noun, why): number for noun, why, number in values["left"]}),
        )


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator said. `base_url` is where the source stood, `space` the address of the space to go into,
    `language` the code of what is spoken there; empty: the site's."""

    source: str
    base_url: str = ""
    space: str = ""
    audience: str = "public"
    language: str = ""


class Foreign(ABC):
    """One dump. `version` is raised when the same dump would be read otherwise, so that nothing half-read is kept."""

    platform: ClassVar[str]
    version: ClassVar[int] = 1

    def __init__(self, path: Path, options: Options) -> None:
        self.path, self.options = path, options
        self.ledger = Ledger()
        self.problems: list[dict[str, Any]] = []
        self.progress: Progress = lambda *_: None

    @abstractmethod
    def files(self) -> list[Path]:
        """What the dump is made of. Raises Unreadable."""

    @abstractmethod
    def rows(self, scratch: Scratch) -> Rows:
        """(file, row) of the archive's form, in any order of files; memory does not grow with the dump."""

    def problem(self, file: str, line: int, why: str, *, row: str = "", is_bad: bool = True) -> None:
        """Something of the dump that could not be read, for the report."""
        entry = {"file": file, "line": line, "field": "", "why": why, "row": row, "bad": is_bad}
        if len(self.problems) < 10_000:
            self.problems.append(entry)

    def home(self, path: str) -> str:
        """An address of the source: whole where its host is known, else from the root."""
        return f"{self.options.base_url.rstrip('/')}/{path}" if self.options.base_url else f"/{path}"
