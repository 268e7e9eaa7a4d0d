"""Texts from other platforms, turned into the product's own Markdown with every word kept."""

from config.archive.html.convert import MAX_HTML, markdown_from_html
from config.archive.html.inline import escape
from config.archive.html.plain import markdown_from_text

__all__ = ["MAX_HTML", "escape", "markdown_from_html", "markdown_from_text"]
