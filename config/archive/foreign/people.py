"""What a person says of themselves, within this product's limits."""

from __future__ import annotations

from typing import Final

from config.archive.html import MAX_HTML, markdown_from_html

_LONGEST: Final = 2_000


def about_of(html: str, *, base_url: str = "") -> str:
    """The text of a profile as Markdown, whole paragraphs of it, as many as fit."""
    if not html.strip() or len(html) > MAX_HTML:
        return ""
    text = markdown_from_html(html, base_url=base_url)
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition("\n\n")[0] or text[: _LONGEST - 1] + "…"
