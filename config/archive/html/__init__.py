"""HTML from other platforms, turned into the product's own Markdown with every word kept."""

from config.archive.html.convert import MAX_HTML, markdown_from_html

__all__ = ["MAX_HTML", "markdown_from_html"]
