"""Files of this site in a text: a picture gets its size, so that nothing jumps, and leads to the whole one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_ADDRESS: Final = re.compile(r"(?:https?://[^/]+)?/files/([\w-]{22})/", re.ASCII)
Files = Mapping[str, tuple[str, str, int, int]]


def site_files(state: StateCore) -> None:
    """Pictures with width, height and a link to the whole of them; links to other files with the class `file`."""
    files: Files = state.env.get("files", {})
    if not files:
        return
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_with_files(block.children, files))


def _with_files(children: list[Token], files: Files) -> Iterable[Token]:
    inside_link = 0
    for token in children:
        inside_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        found = _file(token, files)
        if found is None:
            yield token
            continue
        url, source, width, height = found
        if token.type == "link_open":
            token.attrJoin("class", "file")
            yield token
            continue
        if not source:  # a document where a picture was meant
            yield token
            continue
        token.attrs |= {"src": source, "width": str(width), "height": str(height), "loading": "lazy"}
        if inside_link:
            yield token
            continue
        opening = Token("link_open", "a", 1, level=token.level)
        opening.attrs = {"href": url, "class": "pic"}
        yield opening
        yield token
        yield Token("link_close", "a", -1, level=token.level)


def _file(token: Token, files: Files) -> tuple[str, str, int, int] | None:
    name = {"image": "src", "link_open": "href"}.get(token.type)
    match = _ADDRESS.match(str(token.attrs.get(name, ""))) if name else None
    return files.get(match[1]) if match else None
