"""The yardstick: the words that a reader of HTML sees, by another parser than the product's."""

from __future__ import annotations

import re
import unicodedata

from bs4 import BeautifulSoup

from accounts.text import plain_text, render_markdown

_WORD = re.compile(r"\w+")
_APART = [
    "p", "div", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "pre", "blockquote", "tr", "caption",
    "section",
]


def words(text: str) -> list[str]:
    """Letters and digits only, in their plain form (² is 2)."""
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def words_of_html(html: str) -> list[str]:
    """What the page itself says, blocks set apart."""
    soup = BeautifulSoup(html, "html.parser")
    for unseen in soup(["script", "style", "iframe", "video"]):
        unseen.decompose()
    for line_break in [*soup.find_all("br"), *soup.find_all("img")]:
        line_break.replace_with("\n")
    for block in [*soup.find_all(_APART), *soup.select(".for")]:
        block.insert(0, "\n")
        block.append("\n")
    return words(soup.get_text())


def shown(markdown: str) -> list[str]:
    """The words of the rendered Markdown."""
    return words(plain_text(render_markdown(markdown)))


def first_missing(wanted: list[str], found: list[str]) -> str | None:
    """The first wanted word, with what stands around it, that is not found in its order; None when all are there."""
    position = 0
    for word in found:
        if position < len(wanted) and wanted[position] == word:
            position += 1
    if position == len(wanted):
        return None
    return " ".join(wanted[max(0, position - 4):position + 4])
