"""Long texts: which of their words are looked for where they have more than an engine is asked for.

A pasted error message or the text of a question says mostly what every other one says. What tells is what few others
say; of the words that somebody wrote at all, codes and versions come first, then those that are said often here and
seldom elsewhere (tf·idf, as Lucene's MoreLikeThis chooses). Pure functions: the engine's counts come from `services`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from search import analysis
from search.query import SearchQuery, Term

MOST_COUNTED: Final = 60  # words of one text whose frequency is asked for
SHORTEST: Final = 3  # what is shorter, such as the number of a line, is everywhere and tells nothing
_CODE: Final = re.compile(r"(?=\w*\d)(?=\w*[^\W\d_])\w{3,}|\w+(?:_\w+)+|\d+(?:\.\d+)+")
_TIME: Final = re.compile(r"\d+(?:st|nd|rd|th|am|pm|px|mb|gb|kb|ms|t\d+)|\d{4}-\d\d.*")


def is_code(word: str) -> bool:
    """Whether a folded word is an error code, a version or a name with figures in it: 0x80070005, err_timed_out, 4.2.1;
    not a day, an hour or a size."""
    return bool(_CODE.fullmatch(word)) and not _TIME.fullmatch(word)


def counted(query: SearchQuery) -> tuple[Term, ...]:
    """The words of a long query among which is chosen: all that are sure, then codes and what it says most."""
    sure, rest = query.terms[: query.sure], [*query.terms[query.sure :], *query.more]
    return (*sure, *sorted(rest, key=_first)[: max(MOST_COUNTED - len(sure), 0)])


def _first(term: Term) -> tuple[bool, bool, int]:
    return len(term.text) < SHORTEST, not is_code(term.text), -term.times


def chosen(query: SearchQuery, held: Mapping[str, int]) -> SearchQuery:
    """The query with its sure words and those others that tell most, in the order of the text, as many as it may have.

    `held` says of the words in `counted` how many documents hold them, of those that the viewer may see.
    """
    most = max(held.values(), default=0) + 1

    def telling(term: Term) -> tuple[bool, bool, bool, float]:
        often = held.get(term.text, 0)
        worth = term.times * math.log(1 + most / (often or 1))
        return len(term.text) < SHORTEST, not often, not is_code(term.text), -worth

    sure = query.terms[: query.sure]
    rest = [term for term in counted(query) if term not in sure]
    kept = {*sure, *sorted(rest, key=telling)[: query.most - len(sure)]}
    all_of_it = (*query.terms, *query.more)
    return replace(
        query, terms=tuple(term for term in all_of_it if term in kept), more=(),
        left_out=tuple(term.text for term in all_of_it if term not in kept),
    )


def as_typed(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Folded words as the text writes them, where it does."""
    written = {analysis.fold(word): word for word in map(analysis.trimmed, analysis.CHUNK.findall(text))}
    return tuple(written.get(word, word) for word in words)
