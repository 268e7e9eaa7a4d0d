"""Plain text to Markdown that shows it as it was written, line by line."""

from __future__ import annotations

import re

from config.archive.html.inline import BREAK, PLAIN, Run, paragraph

_BLANK = re.compile(r"\n[ \t]*\n+")


def markdown_from_text(text: str) -> str:
    """Lines stay lines and blank lines part paragraphs; nothing in it is read as Markdown."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n\n".join(part for block in _BLANK.split(text) if (part := paragraph(_runs(block))))


def _runs(block: str) -> list[Run]:
    runs: list[Run] = []
    for line in block.split("\n"):
        runs += [(line, PLAIN), (BREAK, PLAIN)]
    return runs
