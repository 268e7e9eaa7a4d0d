"""Footnotes: `[^1]` in a text and `[^1]: the note` anywhere in it, as GitHub's Markdown has them.

mdit-py-plugins reads them; how they show is ours: ids carry a word of their own text, because a page shows many texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

# The plugin looks for the end of a label from every `[^`; a long row of them would be read again and again.
_REFERENCE: Final = re.compile(r"\[\^[^\s\]]{1,60}\]")


def footnotes(parser: MarkdownIt) -> None:
    """Teach a parser footnotes; `env["notes"]` is what makes their ids those of one text."""
    footnote_plugin(parser, inline=False)
    parser.inline.ruler.at("footnote_ref", _reference)
    for name, rule in (("ref", _shown), ("block_open", _first), ("block_close", _last), ("anchor", _back)):
        parser.add_render_rule(f"footnote_{name}", rule)
    parser.add_render_rule("footnote_open", _note)
    parser.add_render_rule("footnote_close", lambda *_: "</li>")


def _reference(state: StateInline, silent: bool) -> bool:
    return _REFERENCE.match(state.src, state.pos) is not None and footnote_ref(state, silent)


def _name(token: Token, env: Any) -> str:
    return f"{env.get('notes', '') or '0'}-{token.meta['id'] + 1}"


def _shown(_renderer: object, tokens: Sequence[Token], index: int, _options: object, env: Any) -> str:
    """The number in the text; the first of several that name one note is where the note leads back to."""
    token = tokens[index]
    name, number = _name(token, env), token.meta["id"] + 1
    place = f' id="fnref-{name}"' if token.meta["subId"] == 0 else ""
    return f'<sup><a href="#fn-{name}"{place}>[{number}]</a></sup>'


def _first(*_: object) -> str:
    return '<div class="footnotes"><ol>'


def _last(*_: object) -> str:
    return "</ol></div>"


def _note(_renderer: object, tokens: Sequence[Token], index: int, _options: object, env: Any) -> str:
    return f'<li id="fn-{_name(tokens[index], env)}">'


def _back(_renderer: object, tokens: Sequence[Token], index: int, _options: object, env: Any) -> str:
    token = tokens[index]
    return f' <a href="#fnref-{_name(token, env)}">↩</a>' if token.meta["subId"] == 0 else ""
