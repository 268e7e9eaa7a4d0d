"""Synonyms in SQL: each is a row of its own beside its term, numbered so that the term can be told again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from search.query import Term

# A synonym of term 3 is number 10003, the next one 20003.
FORM: Final = 10_000
PHRASE: Final = 1_000  # the first phrase's number; terms are numbered from 0
NUMBER: Final = f"term %% {FORM}"


def forms(terms: Sequence[Term]) -> list[tuple[int, str]]:
    """The synonyms of all terms, each with its number."""
    return [
        (FORM * place + number, also) for number, term in enumerate(terms)
        for place, also in enumerate(term.also, start=1)
    ]
