"""What people write, made safe: the only way from a source text to HTML, and from HTML back to plain text."""

from accounts.text.clean import LIMITS, all_of, clean_line, clean_source, whole_number
from accounts.text.markdown import heading_anchor, mentioned_usernames, render_markdown, sanitise
from accounts.text.plain import excerpt, plain_text

__all__ = [
    "LIMITS",
    "all_of",
    "clean_line",
    "clean_source",
    "excerpt",
    "heading_anchor",
    "mentioned_usernames",
    "plain_text",
    "render_markdown",
    "sanitise",
    "whole_number",
]
