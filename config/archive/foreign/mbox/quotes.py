"""A message's text for a thread: quotes as quotes, without what every reader has just read, and without addresses.

Nothing is lost: a quoted block at the end goes only when each of its lines stands in an earlier message of the thread,
and a signature of the list only when it is one.
"""

from __future__ import annotations

import re
from typing import Final

from config.archive.html import markdown_from_text

_ADDRESS: Final = re.compile(r"\b([\w.+-]{1,64})@[\w-]+(?:\.[\w-]+)+")
_QUOTED: Final = re.compile(r"^\s{0,2}(?:>\s?)+")
_LEVEL: Final = re.compile(r"^\s{0,2}((?:>\s?)+)")
_INTRODUCES: Final = re.compile(
    r"^\s*(?:on\b.{5,250}\bwrote|.{0,120}\b(?:wrote|writes|said|mentioned|schrieb|a écrit|escribió)\b.{0,60}"
    r"|-{2,}\s*original message\s*-{2,}.*)\s*:?\s*$",
    re.IGNORECASE,
)
_LIST_FOOTER: Final = re.compile(r"^(?:_{20,}|-{20,})\s*$")
_SAYS_LIST: Final = re.compile(r"mailing list|mailman/listinfo|list maintainer|unsubscribe", re.IGNORECASE)
_MOST_FOOTER: Final = 8


def hidden(text: str) -> str:
    """With every address cut after its @: lists show who wrote, and nobody's mailbox."""
    return _ADDRESS.sub(r"\1@…", text)


def lines_in(text: str) -> set[str]:
    """The lines of a text as they are compared: unquoted, without space at their ends."""
    return {bare for line in text.split("\n") if (bare := _QUOTED.sub("", line).strip())}


def trimmed(text: str, known: set[str]) -> str:
    """Without the list's footer, and without a closing quote of nothing but `known` lines."""
    lines = text.rstrip().split("\n")
    lines = _without_footer(lines)
    end = len(lines)
    while end and (not lines[end - 1].strip() or _QUOTED.match(lines[end - 1])):
        end -= 1
    quoted = [line for line in lines[end:] if line.strip()]
    if not quoted or not all(_is_known(line, known) for line in quoted):
        return "\n".join(lines).rstrip()
    start = end
    for back in (1, 2):  # the line that introduces the quote may be broken in two
        if end - back >= 0 and _INTRODUCES.match(" ".join(line.strip() for line in lines[end - back:end])):
            start = end - back
            break
    kept = "\n".join(lines[:start]).rstrip()
    return kept or "\n".join(lines).rstrip()


def _is_known(line: str, known: set[str]) -> bool:
    bare = _QUOTED.sub("", line).strip()
    return not bare or bare in known or bool(_INTRODUCES.match(bare))


def _without_footer(lines: list[str]) -> list[str]:
    for number in range(len(lines) - 1, max(-1, len(lines) - _MOST_FOOTER), -1):
        if _LIST_FOOTER.match(lines[number]) and _SAYS_LIST.search("\n".join(lines[number:])):
            return lines[:number]
        if lines[number].strip() == "--" and _SAYS_LIST.search("\n".join(lines[number:])):
            return lines[:number]
    return lines


def markdown_of_mail(text: str) -> str:
    """Plain lines as Markdown: quoted ones as block quotes of their depth, the others to the letter."""
    blocks: list[str] = []
    held: list[str] = []
    depth = 0
    for line in [*text.split("\n"), ""]:
        found = _LEVEL.match(line)
        here = min(found[1].count(">"), 5) if found else 0
        if here != depth and held:
            blocks.append(_block(held, depth))
            held = []
        depth = here
        held.append(line[found.end():] if found else line)
    blocks.append(_block(held, depth))
    return "\n\n".join(block for block in blocks if block.strip("> \n"))


def _block(lines: list[str], depth: int) -> str:
    source = markdown_from_text("\n".join(lines))
    return "\n".join(f"{'>' * depth} {line}".rstrip() for line in source.split("\n")) if depth else source
