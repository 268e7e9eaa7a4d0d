"""The way from HTML to Markdown: nh3 balances the markup, one pass with an explicit stack builds the blocks.

Nothing recurses, and what nests deeper than `builder.DEEPEST` keeps its words and loses its boxes, so hostile input
costs no more than its length.
"""

from __future__ import annotations

import re
from typing import Final

import nh3

from config.archive.html import tags
from config.archive.html.builder import Builder
from config.archive.html.inline import PLAIN, paragraph

MAX_HTML: Final = 400_000
_NESTED_TAGS: Final = 200
_KEPT: Final = {
    "class", "data-for", "href", "src", "data-original-src", "data-src", "data", "alt", "title", "start", "id",
    "colspan", "rowspan",
}
_balancer = nh3.Cleaner(
    tags=tags.ALL, attributes={"*": _KEPT}, link_rel=None, strip_comments=True,
    url_schemes={"http", "https", "mailto", "ftp", "ftps", "tel", "sms", "irc", "ircs", "news", "nntp", "sftp", "ssh",
                 "magnet", "about", "data"},
    clean_content_tags={"script", "style", "template", "head"},
)
_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9-]*)(?=[\s/>])[^<>]*>", re.IGNORECASE)
# Elements that hold nothing, or that end by themselves when the next one begins: left open, they do not nest.
_SHALLOW: Final = {
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
}


def markdown_from_html(html: str, *, base_url: str = "") -> str:
    """The Markdown that renders to the words of this HTML, in its structure.

    `base_url` is where the text stood: relative links and images become absolute by it. At most `MAX_HTML` characters
    are expected; the caller refuses more.
    """
    if "<" not in html and "&" not in html:
        return "\n\n".join(part for text in re.split(r"\n\s*\n", html) if (part := paragraph([(text, PLAIN)])))
    balanced = _balancer.clean(_without_excess_nesting(html))
    # The page has its title above the text, so a text that uses the first level moves down by one.
    builder = Builder(base_url, heading_shift=1 if "<h1" in balanced else 0)
    builder.feed(balanced)
    builder.close()
    return builder.finished()


def _without_excess_nesting(html: str) -> str:
    """Opening tags beyond a depth that no reader sees are taken out: balancing costs the square of the depth."""
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _SHALLOW:
            return match[0]
        depth = max(0, depth + (-1 if match[1] else 1))
        return "" if depth > _NESTED_TAGS and not match[1] else match[0]

    return _TAG.sub(kept, html)
