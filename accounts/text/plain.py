"""Plain text from safe HTML, for search, excerpts and mails. What a spoiler hides is in none of them."""

from __future__ import annotations

import html as html_module
import re

from django.utils.text import Truncator

_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|tr|pre|blockquote|table|ul|ol)>|<br ?/?>|<hr ?/?>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]>", re.IGNORECASE)
_HIDING = re.compile(r"<(?P<end>/?)(?P<tag>details|span)\b(?P<rest>[^>]*)>")
_HIDDEN = 'class="spoiler"'
_TAG = re.compile(r"<[^>]*>")


def plain_text(html: str) -> str:
    """The words of already sanitised HTML, one line a block."""
    text = _BLOCK_END.sub("\n", _without_spoilers(html) if _HIDDEN in html else html)
    text = _CELL_END.sub(" ", text)
    text = html_module.unescape(_TAG.sub("", text))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _without_spoilers(html: str) -> str:
    """With `[…]` for what somebody hid, so that no list, mail or hit shows what its reader did not open."""
    kept, since, hiding, depth = [], 0, "", 0
    for match in _HIDING.finditer(html):
        if not hiding and _HIDDEN in match["rest"]:
            kept.append(html[since : match.start()])
            hiding, depth = match["tag"], 1
        elif hiding == match["tag"]:
            depth += -1 if match["end"] else 1
            if depth == 0:
                hiding, since = "", match.end()
                kept.append(" […] " if match["tag"] == "span" else "[…]\n")
    return "".join(kept) + html[since:]


def excerpt(html: str, length: int = 200) -> str:
    """The first `length` characters of the text on one line, cut at a character and ended by an ellipsis."""
    return Truncator(" ".join(plain_text(html).split())).chars(length)
