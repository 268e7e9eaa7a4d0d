"""Markdown to safe HTML: markdown-it-py renders, nh3 sanitises; nothing else ever sees user text.

Both were measured against hostile input (reference/reliability-security, section 0); length is capped before and after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import nh3
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

# An empty corner of a table is no heading; to a screen reader `<th></th>` would be one without words.
_EMPTY_HEAD: Final = re.compile(r"<th( [^>]*)?></th>")
MAX_NESTING: Final = 60
MAX_GROWTH: Final = 20
MAX_OUTPUT: Final = 2_000_000
_MENTION: Final = re.compile(r"(?<![\w@/.])@([\w.+@-]{2,60})")
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
    "a": {"href", "title", "class", "data-user"},
    "code": {"class"},
    "div": {"class"},
    "h1": {"id"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "li": {"class"},
    "ol": {"start"},
    "pre": {"class"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align"},
}
_CLASS: Final = re.compile(
    r"^(?:[a-z][a-z0-9]{0,3}|highlight|mention|language-[\w+-]{1,30}|task-list-item|table-scroll)$"
)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """nh3's filter: task boxes only as disabled check boxes, images only from this site, known classes only."""
    if tag == "input":
        return (
            value if (name, value) in {("type", "checkbox"), ("checked", "checked"), ("disabled", "disabled")} else None
        )
    if tag == "img" and name == "src":
        return value if value.startswith("/") and not value.startswith("//") else None
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


def _fence(code: str, language: str, _attrs: str) -> str:
    name = language.split()[0] if language.strip() else ""
    try:
        lexer = get_lexer_by_name(name, stripnl=False) if name and len(code) < 20_000 else None
    except ClassNotFound:
        lexer = None
    inner = highlight(code, lexer, HtmlFormatter(nowrap=True)) if lexer else escape(code)
    return f'<pre class="highlight"><code>{inner}</code></pre>'


def _link_mentions(state: StateCore) -> None:
    """Turn `@name` in running text into a link, for the usernames that the caller says exist."""
    known: dict[str, str] = state.env.get("people", {})
    if not known:
        return
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_mention_tokens(block.children, known))


def _mention_tokens(children: list[Token], known: dict[str, str]) -> Iterable[Token]:
    inside_link = 0
    for token in children:
        inside_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or inside_link or "@" not in token.content:
            yield token
            continue
        position = 0
        for match in _MENTION.finditer(token.content):
            username = known.get(match[1].rstrip(".").lower())
            if username is None:
                continue
            yield _text(token.content[position : match.start()], token.level)
            opening = Token("link_open", "a", 1, level=token.level)
            opening.attrs = {"href": reverse("accounts:profile", args=[username]), "class": "mention"}
            yield opening
            yield _text(f"@{username}", token.level + 1)
            yield Token("link_close", "a", -1, level=token.level)
            position = match.start() + 1 + len(match[1].rstrip("."))
        yield _text(token.content[position:], token.level)


def _plain_corners(state: StateCore) -> None:
    """A table's empty corner is no heading: a screen reader would announce a heading that says nothing."""
    for opening, inline, closing in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if opening.type == "th_open" and inline.type == "inline" and not inline.content.strip():
            opening.tag = closing.tag = "td"


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"linkify": True, "html": False, "breaks": True, "highlight": _fence, "maxNesting": MAX_NESTING}
    )
    parser.enable(["table", "strikethrough", "linkify"])
    parser.use(tasklists_plugin).use(anchors_plugin, max_level=3, slug_func=heading_anchor)
    parser.core.ruler.push("mentions", _link_mentions)
    parser.core.ruler.push("plain_corners", _plain_corners)
    parser.add_render_rule("table_open", lambda *_: '<div class="table-scroll"><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    return parser


def heading_anchor(title: str) -> str:
    """The id of a heading, by its words; a page numbers equal ones `-1`, `-2`."""
    # Prefixed, so that a heading can never take an id that the page's own scripts look for ("DOM clobbering").
    return "h-" + re.sub(r"[^\w]+", "-", title.lower()).strip("-")[:60]


def render_markdown(source: str, *, people: Iterable[str] = (), field: str = "body") -> str:
    """Safe HTML from Markdown (CommonMark with tables, strike-through, task lists, bare links, coloured code).

    `people` are the usernames that exist among `mentioned_usernames(source)`; only they become links.
    Raises ValidationError({field: …}) when the output would grow beyond 20 times the source and 100,000 characters.
    """
    html = sanitise(_parser().render(source, {"people": {name.lower(): name for name in people}}))
    html = _EMPTY_HEAD.sub(r"<td\1></td>", html)
    if len(html) > MAX_OUTPUT or len(html) > max(100_000, MAX_GROWTH * len(source)):
        raise ValidationError({field: _("This text unfolds into far too much output. Simplify its markup.")})
    return html


def mentioned_usernames(source: str) -> list[str]:
    """The distinct names after an @ in a text, in order, at most 50; whether they exist is for the caller to ask."""
    names = (match[1].rstrip(".").lower() for match in _MENTION.finditer(source))
    return list(dict.fromkeys(names))[:50]
