"""Plain text from safe HTML, for search, excerpts and mails."""

from __future__ import annotations

import html as html_module
import re

from django.utils.text import Truncator

_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|tr|pre|blockquote|table|ul|ol)>|<br ?/?>|<hr ?/?>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def plain_text(html: str) -> str:
    """The words of already sanitised HTML, one line a block."""
    text = _BLOCK_END.sub("\n", html)
    text = _CELL_END.sub(" ", text)
    text = html_module.unescape(_TAG.sub("", text))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def excerpt(html: str, length: int = 200) -> str:
    """The first `length` characters of the text on one line, cut at a character and ended by an ellipsis."""
    return Truncator(" ".join(plain_text(html).split())).chars(length)
