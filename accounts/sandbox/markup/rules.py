"""What we add to CommonMark: task boxes, ids of headings, mentions. Each walks the tokens once.

The plugins that exist for the first two compare every item with all before it: 64 kB of `- [ ] a` or `# a` took them
over four seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from accounts.sandbox.refusal import Refused

MENTION: Final = re.compile(r"(?<![\w@/.])@([\w.+@-]{2,60})")
_TASK: Final = re.compile(r"\[([ xX])\]\s+")
ANCHORED: Final = frozenset({"h1", "h2", "h3"})


def task_boxes(state: StateCore) -> None:
    """`- [x] done` as a disabled check box, as GitHub's Markdown has it."""
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if (item.type, paragraph.type, inline.type) != ("list_item_open", "paragraph_open", "inline"):
            continue
        first = inline.children[0] if inline.children else None
        if first is None or first.type != "text" or (match := _TASK.match(first.content)) is None:
            continue
        item.attrSet("class", "task-list-item")
        checked = "" if match[1] == " " else 'checked="checked" '
        box = Token("html_inline", "", 0, content=f'<input {checked}disabled="disabled" type="checkbox">')
        first.content = " " + first.content[match.end() :]
        inline.children = [box, *(inline.children or [])]


def heading_ids(state: StateCore) -> None:
    """An id for every heading of the first three levels; equal ones are numbered `-1`, `-2`."""
    taken: dict[str, int] = {}
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open" or opening.tag not in ANCHORED:
            continue
        shown = (child.content for child in inline.children or [] if child.type in {"text", "code_inline"})
        opening.attrSet("id", _free(heading_anchor("".join(shown)), taken))


def _free(name: str, taken: dict[str, int]) -> str:
    unique = name
    while unique in taken:
        taken[name] += 1
        unique = f"{name}-{taken[name]}"
    taken[unique] = 0
    return unique


def heading_anchor(title: str) -> str:
    """The id of a heading, by its words; a page numbers equal ones `-1`, `-2`."""
    # Prefixed, so that a heading can never take an id that the page's own scripts look for ("DOM clobbering").
    return "h-" + re.sub(r"[^\w]+", "-", title.lower()).strip("-")[:60]


def link_mentions(state: StateCore) -> None:
    """Turn `@name` in running text into a link, for the people that the caller says exist."""
    known: Mapping[str, tuple[str, str]] = state.env.get("people", {})
    if not known:
        return
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_mention_tokens(block.children, known))


def _mention_tokens(children: list[Token], known: Mapping[str, tuple[str, str]]) -> Iterable[Token]:
    inside_link = 0
    for token in children:
        inside_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or inside_link or "@" not in token.content:
            yield token
            continue
        position = 0
        for match in MENTION.finditer(token.content):
            person = known.get(match[1].rstrip(".").lower())
            if person is None:
                continue
            yield _text(token.content[position : match.start()], token.level)
            opening = Token("link_open", "a", 1, level=token.level)
            opening.attrs = {"href": person[1], "class": "mention"}
            yield opening
            yield _text(f"@{person[0]}", token.level + 1)
            yield Token("link_close", "a", -1, level=token.level)
            position = match.start() + 1 + len(match[1].rstrip("."))
        yield _text(token.content[position:], token.level)


def plain_corners(state: StateCore) -> None:
    """A table's empty corner is no heading: a screen reader would announce a heading that says nothing."""
    for opening, inline, closing in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if opening.type == "th_open" and inline.type == "inline" and not inline.content.strip():
            opening.tag = closing.tag = "td"


def few_tokens(state: StateCore) -> None:
    """Refuse before it is filled in what would unfold: a table's rows of two characters with hundreds of cells each."""
    if len(state.tokens) > 2_000 + 2 * len(state.src):
        raise Refused("too-much")


def small_addresses(state: StateCore) -> None:
    """Refuse before it is written what would unfold: a long address that is defined once and used often."""
    inline = (token for block in state.tokens for token in block.children or ())
    total = sum(len(str(value)) for token in inline for value in token.attrs.values())
    if total > 5_000 + 10 * len(state.src):
        raise Refused("too-much")


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)
