"""What is asked, as one frozen value: the parser makes it, the engines read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from django.utils import timezone

from search import analysis
from search.relevance import DEFAULT, Relevance

Sort = Literal["relevance", "newest", "helpful"]
SORTS: Final[tuple[Sort, ...]] = ("relevance", "newest", "helpful")
PAGE_SIZE: Final = 20
MOST_PAGES: Final = 50
MOST_TERMS: Final = 20
MOST_MEANT: Final = 160
FACETS: Final = ("kind", "state", "space", "product", "tag", "author", "date", "language")
WITHIN: Final = {"day": 1, "week": 7, "month": 30, "year": 365}  # in days, the shortest first


@dataclass(frozen=True, slots=True)
class Term:
    """One word as typed (folded). `parts` has several where it is joined inside, and they are matched as a phrase.
    `meant` are words of titles that it may be a slip of; they match titles only. `also` are words, or several beside
    each other, that staff said mean the same."""

    text: str
    parts: tuple[str, ...]
    meant: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`need` is how many of the terms a document must hold at least; which of them is left open."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    need: int = 1
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    within: str = ""  # a word of WITHIN: begun not longer ago than that
    after: date | None = None
    before: date | None = None
    sort: Sort = "relevance"
    page: int = 1
    meaning: str = ""  # what is embedded, where there is a model
    plain: str = ""  # the words that are in no phrase, as typed: where synonyms are looked up
    relevance: Relevance = DEFAULT  # how the hits are weighed
    read_as: tuple[str, ...] = ()  # whose rules read the words beside those of English; the engine sets it

    @property
    def has_words(self) -> bool:
        return bool(self.terms or self.phrases)

    @property
    def has_filters(self) -> bool:
        return bool(self.after or self.before or any(self.chosen(name) for name in FACETS))

    def chosen(self, facet: str) -> tuple[str, ...]:
        """What is ticked of a facet, any of it enough."""
        return {
            "kind": self.kinds, "state": self.states, "space": self.spaces, "product": self.products, "tag": self.tags,
            "author": self.authors, "date": (self.within,) if self.within else (), "language": self.languages,
        }[facet]

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: no word and no filter."""
        return not (self.has_words or self.has_filters)

    @property
    def words(self) -> list[str]:
        """All bare words to mark in titles and excerpts."""
        found = [part for term in self.terms for part in term.parts]
        found += [word for term in self.terms for word in term.meant]
        found += [word for term in self.terms for also in term.also for word in also.split()]
        return found + [word for phrase in self.phrases for word in analysis.plain_words(phrase)]

    @property
    def has_also(self) -> bool:
        return any(term.also for term in self.terms)

    @property
    def can_loosen(self) -> bool:
        return self.need > 1 or self._has_phrase_beside

    @property
    def _has_phrase_beside(self) -> bool:
        """A phrase among other words is often something quoted, such as a message as somebody remembers it. One that
        stands alone is meant as written, and so is one in a list of the newest."""
        return bool(self.phrases and self.terms) and self.sort == "relevance"

    def loosened(self) -> SearchQuery:
        """The same with any single word enough, also of what is quoted among others."""
        if not self._has_phrase_beside:
            return replace(self, need=1)
        known = {term.text for term in self.terms}
        quoted = [term for term in terms_of(" ".join(self.phrases)) if term.text not in known]
        return replace(self, need=1, terms=(*self.terms, *quoted)[:MOST_TERMS], phrases=())


def since(within: str) -> datetime:
    """When a span of WITHIN began. To the minute, so that hits and counts of one search mean the same."""
    return timezone.now().replace(second=0, microsecond=0) - timedelta(days=WITHIN[within])


def terms_of(text: str, *, most: int = MOST_TERMS) -> tuple[Term, ...]:
    """The distinct terms of a text, without stop words unless there is nothing else."""
    whole = list(dict.fromkeys(chunk for chunk in analysis.chunks(text) if chunk))
    terms = [Term(chunk, analysis.parts(chunk)) for chunk in analysis.meaningful(whole)]
    return tuple(term for term in terms if term.parts)[:most]


def needed(count: int) -> int:
    """How many of `count` terms a document must hold: one of two, two of up to eight, then a quarter.

    Measured: asking for half of them loses right answers, asking for one only makes the counts meaningless.
    """
    return 1 if count <= 2 else 2 if count <= 8 else count // 4


def plain_query(text: str, *, kinds: Sequence[str] = (), most: int = MOST_TERMS) -> SearchQuery:
    """A query of words only, with no operators read."""
    terms = terms_of(text, most=most)
    return SearchQuery(text=text, terms=terms, need=needed(len(terms)), kinds=tuple(kinds), meaning=text, plain=text)


def long_query(title: str, body: str, *, kinds: Sequence[str] = (), most: int = 25) -> SearchQuery:
    """What a whole text is about: all the words of its title and those that its body says most, any one enough."""
    terms = list(terms_of(title, most=most))
    known = {term.text for term in terms}
    counts: dict[str, int] = {}
    for chunk in analysis.chunks(body[:4000]):
        if chunk and chunk not in known and chunk not in analysis.STOP_WORDS and len(chunk) > 2:
            counts[chunk] = counts.get(chunk, 0) + 1
    often = sorted(counts, key=lambda chunk: -counts[chunk])  # stable: earlier first among equals
    terms += [Term(chunk, analysis.parts(chunk)) for chunk in often if analysis.parts(chunk)]
    meaning = " ".join(f"{title}. {body[:4000]}".split()[:MOST_MEANT])
    return SearchQuery(
        text=title, terms=tuple(terms[:most]), need=1, kinds=tuple(kinds), meaning=meaning, plain=title
    )


def with_meant(query: SearchQuery, meant: Iterable[tuple[str, ...]]) -> SearchQuery:
    """The query with the title words that each term may have meant."""
    return replace(query, terms=tuple(replace(t, meant=m) for t, m in zip(query.terms, meant, strict=True)))
