"""What a reader opens by choice: `||a few words||` in a line, and a block between `:::spoiler Title` and `:::`.

The marks are those that people know from chats and from HackMD. Marks that touch a space are none, so that `a || b` in
a sentence about code stays what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

MARK: Final = "||"
TITLE: Final = "Spoiler"
MOST_TITLE: Final = 120


def spoilers(parser: MarkdownIt) -> None:
    """Teach a parser both forms."""
    container_plugin(parser, "spoiler", validate=_is_spoiler, render=_block)
    parser.core.ruler.after("inline", "spoilers", _in_lines)


def _is_spoiler(params: str, _markup: str) -> bool:
    return (params.split(maxsplit=1) or [""])[0] == "spoiler"


def _block(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    if tokens[index].nesting < 0:
        return "</details>"
    title = tokens[index].info.strip().removeprefix("spoiler").strip()[:MOST_TITLE]
    return f'<details class="spoiler"><summary>{escape(title or TITLE)}</summary>'


def _in_lines(state: StateCore) -> None:
    # before `text_join`, which would make an escaped `\||` look like a mark
    for block in state.tokens:
        if block.type == "inline" and MARK in block.content:
            block.children = list(_paired(list(_split(block.children or []))))


def _split(children: Iterable[Token]) -> Iterable[Token]:
    """Each mark in a text as a token of its own, with `info` saying whether it may open and close."""
    for token in children:
        if token.type != "text" or MARK not in token.content:
            yield token
            continue
        parts = token.content.split(MARK)
        for at, part in enumerate(parts):
            if at:
                opens = _touches(part[:1], is_end=at == len(parts) - 1)
                closes = _touches(parts[at - 1][-1:], is_end=at == 1)
                yield Token("text", "", 0, content=MARK, level=token.level, info=f"{opens:d}{closes:d}")
            if part:
                yield Token("text", "", 0, content=part, level=token.level)


def _touches(character: str, *, is_end: bool) -> bool:
    """Whether what stands beside a mark can be hidden by it; at the end of a text it may be what follows the text."""
    return not character.isspace() and character != "|" if character else is_end


def _paired(children: list[Token]) -> list[Token]:
    """Marks that belong together, of one level and without another spoiler between them, become tags."""
    opened: Token | None = None
    for token in children:
        if opened is not None and token.level < opened.level:
            opened = None  # what it stood in has ended
        if token.type != "text" or not token.info:
            continue
        opens, closes = token.info[0] == "1", token.info[1] == "1"
        if opened is not None and closes and token.level == opened.level:
            _become(opened, '<span class="spoiler" tabindex="0">')
            _become(token, "</span>")
            opened = None
        elif opens and (opened is None or token.level == opened.level):
            opened = token
    return children


def _become(token: Token, tag: str) -> None:
    token.type, token.content = "html_inline", tag
