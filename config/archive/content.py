"""The text of a row: Markdown in `body`, or else HTML in `html`, or else plain lines in `text`."""

from __future__ import annotations

from typing import Final

from accounts.text import LIMITS
from config.archive.fields import Row
from config.archive.html import MAX_HTML, markdown_from_html, markdown_from_text
from config.archive.links import made_absolute

LONGEST: Final = LIMITS["article"]
_NAMES: Final = ("body", "html", "text")


def markdown_of(row: Row, *, base_url: str, required: bool = True) -> str:
    """The row's text as Markdown, links in it absolute. Empty only where `required` is False.

    Raises RowProblem for a text that is missing, too long, or empty once its markup is gone.
    """
    name = next((name for name in _NAMES if row.has(name)), "")
    if not name:
        if required:
            raise row.refuse("body", "is missing; give the text as body (Markdown), html or text")
        return ""
    source = row.text(name, limit=MAX_HTML if name == "html" else LONGEST, required=required)
    markdown = _converted(name, source, base_url)
    if len(markdown) > LONGEST:
        raise row.refuse(name, f"is {len(markdown):,} characters long as Markdown; the most is {LONGEST:,}")
    if required and not markdown.strip():
        raise row.refuse(name, "has no words in it")
    return markdown


def _converted(name: str, source: str, base_url: str) -> str:
    if name == "html":
        return markdown_from_html(source, base_url=base_url)
    if name == "text":
        return markdown_from_text(source)
    return made_absolute(source, base_url=base_url)
