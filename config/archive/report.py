"""What a run did: counts a kind, and every row that was left out, by file, line, field and reason."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Final

OUTCOMES: Final = ("new", "changed", "same", "bad")
_SHOWN: Final = 20


class Report:
    """Counts in memory, rows in a file: a million bad rows cost no memory."""

    def __init__(self, path: Path, *, keep: bool = False) -> None:
        self.path = path
        self.counts: dict[str, Counter[str]] = {}
        self.examples: list[str] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        if not keep:
            path.write_text("")

    def count(self, kind: str, outcome: str, by: int = 1) -> None:
        if by:
            self.counts.setdefault(kind, Counter())[outcome] += by

    def total(self, *outcomes: str) -> int:
        return sum(counter[outcome] for counter in self.counts.values() for outcome in outcomes)

    def note(self, file: str, line: int, field: str, why: str, *, row: str = "", is_bad: bool = True) -> None:
        """Write down one row; `is_bad` False for something that was taken in otherwise than it stood."""
        entry = {"file": file, "line": line, "field": field, "why": why, "row": row, "bad": is_bad}
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
        if is_bad and len(self.examples) < _SHOWN:
            self.examples.append(f"{file} line {line}: {field + ' ' if field else ''}{why}")

    def absorb(self, entry: dict) -> None:
        """Take over what was noted before the run: about a dump that could not be read everywhere."""
        self.note(entry["file"], entry["line"], entry["field"], entry["why"], row=entry["row"], is_bad=entry["bad"])

    def forget_after(self, file: str, line: int) -> None:
        """Take out what a run that was killed noted about lines that it never stored."""
        kept = [
            entry for entry in self._entries()
            if not (entry["file"] == file and entry["line"] > line)
        ]  # fmt: skip
        self.path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in kept), encoding="utf-8")

    def _entries(self) -> list[dict]:
        if not self.path.exists():
            return []
        entries = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                entries.append(json.loads(line))
            except ValueError:  # the killed run was in the middle of this line
                continue
        return entries
