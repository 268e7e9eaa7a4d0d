"""phpBB's texts as HTML: three generations of storing BBCode, one parser (`bbcode`), nothing executed or fetched."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from typing import Any, Final

import bbcode

MOST_TAGS: Final = 4_000
_DEEPEST: Final = 40
_RICH: Final = re.compile(r"^\s*<[rt][ >]")
_XML_TAG: Final = re.compile(r"<[^<>]*>")
_SMILEY: Final = re.compile(r"<!-- s(.*?) -->.*?<!-- s\1 -->", re.DOTALL)
_MAGIC: Final = re.compile(r'<!-- [mwel] --><a [^>]*?href="([^"]*)"[^>]*>.*?</a><!-- [mwel] -->', re.DOTALL)
_ATTACHED: Final = re.compile(r"<!-- ia\d+ -->(.*?)<!-- ia\d+ -->", re.DOTALL)
_SAFE: Final = re.compile(r"^(?:https?|ftp|mailto):", re.IGNORECASE)


def html_of(text: str, uid: str = "") -> str:
    """The HTML of a stored text. One with thousands of tags stays as it was typed, for no reader's sake."""
    source = _source_of(text, uid)
    if source.count("[") > MOST_TAGS:
        return escape(source).replace("\n", "<br>")
    return _parser().format(source)


def _source_of(text: str, uid: str) -> str:
    """The BBCode as it was typed: out of the XML of 3.2 and later, or out of the marked text of 3.0 and 3.1."""
    if _RICH.match(text):
        return unescape(_XML_TAG.sub("", text))
    text = _SMILEY.sub(r"\1", text)
    text = _ATTACHED.sub(r"\1", _MAGIC.sub(r"\1", text))
    if uid:
        text = re.sub(rf"(?::[a-z])?:{re.escape(uid)}(?=[\]=])", "", text)
    return unescape(text)


@cache
def _parser() -> bbcode.Parser:
    parser = bbcode.Parser(newline="<br>", replace_cosmetic=False, max_tag_depth=_DEEPEST)
    for name in ("size", "color", "font", "align", "highlight"):
        parser.add_simple_formatter(name, "%(value)s")
    parser.add_formatter("quote", _quote, strip=True, swallow_trailing_newline=True)
    parser.add_formatter("code", _code, render_embedded=False, transform_newlines=False, replace_links=False,
                         swallow_trailing_newline=True)  # fmt: skip
    parser.add_formatter("url", _url, replace_links=False, replace_cosmetic=False)
    parser.add_formatter("email", _plain, replace_links=False)
    parser.add_formatter("img", _image, replace_links=False, render_embedded=False)
    parser.add_formatter("attachment", _attachment, replace_links=False, render_embedded=False)
    parser.add_simple_formatter("spoiler", "<blockquote>%(value)s</blockquote>")
    return parser


def _quote(_name: str, value: str, options: dict[str, str], *_: Any) -> str:
    who = options.get("quote", "").strip("\"' ")
    said = f"<p><strong>{escape(unescape(who))}:</strong></p>" if who else ""
    return f"<blockquote>{said}{value}</blockquote>"


def _code(_name: str, value: str, options: dict[str, str], *_: Any) -> str:
    language = re.sub(r"\W", "", options.get("code", ""))
    return f'<pre class="language-{language}">{value}</pre>' if language else f"<pre>{value}</pre>"


def _url(_name: str, value: str, options: dict[str, str], *_: Any) -> str:
    target = unescape(options.get("url") or re.sub(r"<[^>]*>", "", value)).strip("\"' ")
    if target.startswith("www."):
        target = f"https://{target}"
    is_known = _SAFE.match(target) or target.startswith(("/", "./", "viewtopic.php", "viewforum.php"))
    return f'<a href="{escape(target)}">{value}</a>' if is_known else value


def _image(_name: str, value: str, *_: Any) -> str:
    target = unescape(value).strip()
    return f'<img src="{escape(target)}" alt="">' if _SAFE.match(target) else value


def _plain(_name: str, value: str, *_: Any) -> str:
    """An address of a person is not shown to everyone."""
    return re.sub(r"@\S+", "@…", value)


def _attachment(_name: str, value: str, *_: Any) -> str:
    return f"<p>(Attachment: {value})</p>"
