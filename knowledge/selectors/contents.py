"""The “on this page” list of a long text, from the headings that rendering gave an id."""

from __future__ import annotations

import html as html_module
import re
from dataclasses import dataclass

_HEADING = re.compile(r'<h([1-3])[^>]*?\bid="(h-[^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
FEWEST = 3
MOST = 40


@dataclass(frozen=True, slots=True)
class Heading:
    anchor: str
    text: str
    is_deep: bool


def headings_of(html: str) -> list[Heading]:
    """The headings of safe HTML in two levels; none where there are fewer than three."""
    found = [
        (int(level), anchor, " ".join(html_module.unescape(_TAG.sub("", inner)).split()))
        for level, anchor, inner in _HEADING.findall(html)
    ][:MOST]
    found = [heading for heading in found if heading[2]]
    if len(found) < FEWEST:
        return []
    top = min(level for level, _anchor, _text in found)
    return [Heading(html_module.unescape(anchor), text, level > top) for level, anchor, text in found]
