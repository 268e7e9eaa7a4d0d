"""A document as the passages that are embedded: a long one is more than its first lines."""

from __future__ import annotations

import hashlib
from typing import Final

from search.sources import Document

WORDS: Final = 100
MOST_OF_BODY: Final = 12
MOST_OF_SOLUTION: Final = 2
MOST_OF_REPLIES: Final = 2
CUT: Final = 2  # raised when texts are cut otherwise: all of them are embedded anew, in the worker's time


def passages(document: Document) -> list[str]:
    """The title, title and beginning together, then title and each further hundred words of body and solution, and the
    first two hundred of the replies.

    Where there is a summary it speaks for the whole, and the bare title is left out. Replies often say what the asker
    had no word for. Later ones are left to the words: they wander, and a text that no reply changes any more is not
    embedded again.
    """
    title, summary = document.title, document.summary
    body = _cut(document.body, MOST_OF_BODY)
    texts = [] if summary else [title]
    texts.append(". ".join(filter(None, [title, summary, *body[:1]])))
    texts += [f"{title}. {piece}" for piece in body[1:]]
    texts += [f"{title}. {piece}" for piece in _cut(document.solution, MOST_OF_SOLUTION)]
    texts += [f"{title}. {piece}" for piece in _cut(document.replies, MOST_OF_REPLIES)]
    return [text for text in dict.fromkeys(texts) if text.strip()]


def digest(texts: list[str]) -> str:
    """What tells whether the texts of a document changed since they were embedded."""
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def _cut(text: str, most: int) -> list[str]:
    words = text.split(maxsplit=most * WORDS)[: most * WORDS]
    return [" ".join(words[start : start + WORDS]) for start in range(0, len(words), WORDS)]
