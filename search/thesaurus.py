"""Words that mean the same, as staff wrote them: from a line to words, and from a query to the query with synonyms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from search import analysis
from search.query import SearchQuery

MOST_ALSO: Final = 60  # synonyms in one query
Key = tuple[str, ...]


def words_of(text: str) -> list[str]:
    """What stands between the commas, each as bare folded words."""
    return [" ".join(analysis.plain_words(piece)) for piece in text.split(",") if piece.strip()]


def key_of(words: str) -> Key:
    """What tells whether two wordings are the same: their stems."""
    return tuple(analysis.stem(word) for word in words.split())


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """`table` leads from the stems of some words beside each other to what also means that."""

    table: Mapping[Key, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    longest: int = 0

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Thesaurus:
        """From the stored (words, meant)."""
        table: dict[Key, tuple[str, ...]] = {}
        for words, meant in rows:
            left = words_of(words)
            for word in left:
                others = words_of(meant) if meant else [other for other in left if other != word]
                table[key_of(word)] = tuple(others)
        return cls(table, max((len(key) for key in table), default=0))

    def expanded(self, query: SearchQuery) -> SearchQuery:
        """The query whose terms know their synonyms. Words in quotation marks mean themselves and have none.

        Synonyms of several words beside each other stand in for each of these words.
        """
        if not (self.table and query.terms and query.plain):
            return query
        also: dict[str, list[str]] = {}
        room = MOST_ALSO
        for chunks, others in self._met(query.plain):
            for term in query.terms:
                if term.text in chunks:
                    new = [words for words in others if words not in also.get(term.text, ())][:room]
                    also.setdefault(term.text, []).extend(new)
                    room -= len(new)
        if not also:
            return query
        return replace(query, terms=tuple(replace(t, also=tuple(also.get(t.text, ()))) for t in query.terms))

    def _met(self, text: str) -> Iterable[tuple[set[str], tuple[str, ...]]]:
        """Wherever words of the table stand in the text, whole: the text's chunks there, and what they also mean."""
        chunks = [(chunk, analysis.parts(chunk)) for chunk in analysis.chunks(text)]
        for start in range(len(chunks)):
            key: Key = ()
            for end in range(start, len(chunks)):
                key += tuple(analysis.stem(part) for part in chunks[end][1])
                if len(key) > self.longest:
                    break
                if key in self.table:
                    yield {chunk for chunk, _parts in chunks[start : end + 1]}, self.table[key]
