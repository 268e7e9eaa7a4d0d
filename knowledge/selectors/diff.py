"""What changed between two texts, line by line, for the history pages. Bounded: a hostile text costs no time."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

CONTEXT: Final = 3
MOST_LINES: Final = 1_000
MOST_SHOWN: Final = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: same, added, removed, or gap (unchanged lines that are left out; `text` is empty)."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str


def lines_changed(before: str, after: str) -> list[Line]:
    """The changed lines with three lines around them; empty when nothing changed. A form sends other line ends.

    No text at all is no line, so that what is new has no empty line to take away.
    """
    old, new = (text.replace("\r\n", "\n").split("\n") if text else [] for text in (before, after))
    if old == new:
        return []
    head, tail = _common_ends(old, new)
    lines = [Line("same", text) for text in old[:head]]
    lines += _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    lines += [Line("same", text) for text in old[len(old) - tail :]]
    return _folded(lines)[:MOST_SHOWN]


def _common_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return head, tail


def _middle(old: list[str], new: list[str]) -> list[Line]:
    """Where both sides are long, comparing could take minutes: then all is shown as replaced."""
    if max(len(old), len(new)) > MOST_LINES:
        return [Line("removed", text) for text in old] + [Line("added", text) for text in new]
    lines: list[Line] = []
    for verb, a, b, c, d in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        if verb == "equal":
            lines += [Line("same", text) for text in old[a:b]]
        else:
            lines += [Line("removed", text) for text in old[a:b]]
            lines += [Line("added", text) for text in new[c:d]]
    return lines


def _folded(lines: list[Line]) -> list[Line]:
    near = {
        j
        for i, line in enumerate(lines) if line.kind != "same"
        for j in range(i - CONTEXT, i + CONTEXT + 1)
    }
    shown: list[Line] = []
    for i, line in enumerate(lines):
        if i in near:
            shown.append(line)
        elif (shown and shown[-1].kind != "gap") or not shown:
            shown.append(Line("gap", ""))
    return shown
