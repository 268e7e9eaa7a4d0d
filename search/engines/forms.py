"""Synonyms are looked for beside their term, each numbered so that the term can be told again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from search.query import Term

# A synonym of term 3 is number 10003, the next one 20003.
FORM: Final = 10_000
# The same form as the first language of its own reads it is number 1000003, as the next one does 2000003.
OWN: Final = 1_000_000
PHRASE: Final = 1_000  # the first phrase's number; terms are numbered from 0


def forms(terms: Sequence[Term]) -> list[tuple[int, str]]:
    """The synonyms of all terms, each with its number."""
    return [
        (FORM * place + number, also) for number, term in enumerate(terms)
        for place, also in enumerate(term.also, start=1)
    ]
