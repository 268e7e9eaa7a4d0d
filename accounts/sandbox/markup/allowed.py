"""The product's one list of tags and attributes; nh3 lets nothing else through."""

from __future__ import annotations

import re
from typing import Final

import nh3

_TAGS: Final = {
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "details",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "input",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_ATTRIBUTES: Final = {
    "a": {"href", "title", "class", "data-user", "id"},
    "code": {"class"},
    "details": {"class"},
    "div": {"class"},
    "h1": {"id"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "input": {"type", "checked", "disabled"},
    "li": {"class", "id"},
    "ol": {"start"},
    "pre": {"class"},
    "span": {"class", "tabindex"},
    "td": {"align"},
    "th": {"align"},
}
# One slash and then neither a second nor a backslash, which browsers read as one: never another host.
_OWN_IMAGE: Final = re.compile(r"/(?![/\\\s])[^\\\s]*\Z")
_CLASS: Final = re.compile(
    r"^(?:[a-z][a-z0-9]{0,3}|highlight|mention|spoiler|footnotes|language-[\w+-]{1,30}|task-list-item|table-scroll)$"
)

_NOTE: Final = re.compile(r"fn(?:ref)?-[0-9a-f]{1,12}-\d{1,5}\Z", re.ASCII)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """nh3's filter: only task boxes, images of this site, known classes, ids of headings and footnotes."""
    if tag == "input":
        return (
            value if (name, value) in {("type", "checkbox"), ("checked", "checked"), ("disabled", "disabled")} else None
        )
    if tag == "img" and name == "src":
        return value if _OWN_IMAGE.match(value) else None
    if name == "id":
        return value if (_NOTE.match(value) if tag in {"a", "li"} else value.startswith("h-")) else None
    if name == "tabindex":
        return value if value == "0" else None
    if name == "class":
        return " ".join(part for part in value.split() if _CLASS.match(part)) or None
    if name == "align":
        return value if value in {"left", "right", "center"} else None
    return value


_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """HTML from anywhere, made safe by the product's one list of tags and attributes."""
    return _cleaner.clean(html)
