"""What is asked, as one frozen value: the parser makes it, the engines read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

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
    each other, that staff said mean the same. `times` is how often a long text says it."""

    text: str
    parts: tuple[str, ...]
    meant: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    times: int = 1


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`need` is how many of the terms a document must hold at least; which of them is left open.

    A long text has `more` words than the `most` that are looked for; before an engine is asked, `telling` chooses, but
    for the first `sure` of the terms, and says what was `left_out`.
    """

    text: str = ""
    terms: tuple[Term, ...] = ()
    more: tuple[Term, ...] = ()
    sure: int = 0
    most: int = MOST_TERMS
    left_out: tuple[str, ...] = ()
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
        """What to mark in titles and excerpts: bare words, and several in a row where only these together are found."""
        found = [" ".join(term.parts) for term in self.terms]
        found += [word for term in self.terms for word in (*term.meant, *term.also)]
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
        stands alone is meant as written, and so is one in a list of the newest, but for those in a long text."""
        return bool(self.phrases and self.terms) and (self.sort == "relevance" or bool(self.left_out))

    def loosened(self) -> SearchQuery:
        """The same with any single word enough, also of what is quoted among others."""
        if not self._has_phrase_beside:
            return replace(self, need=1)
        known = {term.text for term in self.terms}
        quoted = [term for term in terms_of(" ".join(self.phrases)) if term.text not in known]
        terms = (*self.terms, *quoted)
        left_out = (*self.left_out, *(term.text for term in terms[MOST_TERMS:]))
        return replace(self, need=1, terms=terms[:MOST_TERMS], phrases=(), left_out=left_out)


def since(within: str) -> datetime:
    """When a span of WITHIN began. To the minute, so that hits and counts of one search mean the same."""
    return timezone.now().replace(second=0, microsecond=0) - timedelta(days=WITHIN[within])


def terms_of(text: str, *, most: int = MOST_TERMS) -> tuple[Term, ...]:
    """The distinct terms of a text, without stop words unless there is nothing else."""
    whole = list(dict.fromkeys(chunk for chunk in analysis.chunks(text) if chunk))
    terms = [Term(chunk, analysis.parts(chunk)) for chunk in analysis.meaningful(whole)]
    return tuple(term for term in terms if term.parts)[:most]


def said(text: str) -> list[Term]:
    """All distinct terms of a text, each with how often it is said, without stop words unless there is nothing else."""
    counts = Counter(analysis.meaningful([chunk for chunk in analysis.chunks(text) if chunk]))
    return [Term(chunk, parts, times=n) for chunk, n in counts.items() if (parts := analysis.parts(chunk))]


def needed(count: int) -> int:
    """How many of `count` terms a document must hold: one of two, two of up to eight, then a quarter.

    Measured: asking for half of them loses right answers, asking for one only makes the counts meaningless.
    """
    return 1 if count <= 2 else 2 if count <= 8 else count // 4


def words_query(text: str) -> dict[str, Any]:
    """The words of a text as fields of a SearchQuery: all of them, or, of a long one, those among which is chosen.

    Most of a pasted message is about one machine on one day. Two of the words that tell have to be there.
    """
    words = said(text)
    if len(words) <= MOST_TERMS:
        return {"terms": tuple(replace(word, times=1) for word in words), "need": needed(len(words))}
    return {"terms": tuple(words[:MOST_TERMS]), "more": tuple(words[MOST_TERMS:]), "need": 2}


def plain_query(text: str, *, kinds: Sequence[str] = ()) -> SearchQuery:
    """A query of words only, with no operators read."""
    return SearchQuery(text=text, kinds=tuple(kinds), meaning=meant_by(text), plain=text, **words_query(text))


def meant_by(text: str) -> str:
    """As much of a text as is embedded."""
    words = text.split()
    return text if len(words) <= MOST_MEANT else " ".join(words[:MOST_MEANT])


def long_query(title: str, body: str, *, kinds: Sequence[str] = (), most: int = 25) -> SearchQuery:
    """What a whole text is about: all the words of its title and those of its body that tell most (`telling`), any one
    enough."""
    sure = terms_of(title, most=most)
    known = {*analysis.STOP_WORDS, *(term.text for term in sure)}
    rest = [term for term in said(body[:4000]) if term.text not in known and len(term.text) > 2]
    words = (*sure, *rest)
    return SearchQuery(
        text=title, terms=words[:most], more=words[most:], sure=len(sure), most=most, need=1, kinds=tuple(kinds),
        meaning=meant_by(f"{title}. {body[:4000]}"), plain=title,
    )  # fmt: skip


def with_meant(query: SearchQuery, meant: Iterable[tuple[str, ...]]) -> SearchQuery:
    """The query with the title words that each term may have meant."""
    return replace(query, terms=tuple(replace(t, meant=m) for t, m in zip(query.terms, meant, strict=True)))
