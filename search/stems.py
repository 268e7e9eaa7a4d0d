"""Stems by the rules of a language, for marking what was found and for SQLite, which knows those of English alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from threading import Lock
from typing import Final

import snowballstemmer

from search import analysis

# English has its own, lighter one (`analysis.stem`): it is asked for every word of every text.
_ALGORITHMS: Final = {
    "de": "german", "es": "spanish", "fr": "french", "it": "italian", "nl": "dutch", "pt": "portuguese", "cs": "czech",
}


@cache
def own(language: str) -> Callable[[str], str] | None:
    """What gives a folded word's stem in a language of `languages.OWN`; None for others."""
    name = _ALGORITHMS.get(language.replace("_", "-").split("-")[0].lower())
    if name is None:
        return None
    stemmer, lock = snowballstemmer.stemmer(name), Lock()

    @lru_cache(maxsize=20_000)
    def stem(word: str) -> str:
        with lock:  # a stemmer keeps the word that it works on
            return str(stemmer.stemWord(word))

    return stem


def words(language: str, text: str) -> str:
    """A text's words as stems of its language, each with the language's code, so that languages share an index."""
    code, stem = language.replace("_", "-").split("-")[0].lower(), own(language)
    return " ".join(f"{code}0{stem(word)}" for word in analysis.plain_words(text)) if stem else ""
