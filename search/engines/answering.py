"""How the database's engine answers: its full-text index says what holds a word and how often, the columns kept in this
process (`columns`) count (`counting`) and rank (`ranking`). SQLite and PostgreSQL differ in what they are asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Final, TypeVar

import numpy as np

from search.engines import columns, ranking
from search.engines.columns import MOST_TRIES, Columns, Numbers, Source
from search.engines.counting import Matches
from search.engines.entries import Row
from search.engines.forms import FORM, OWN, PHRASE, forms
from search.engines.ranking import Ranking, Scores
from search.query import SearchQuery, Term
from search.relevance import Relevance

_TITLE: Final = 6.0
Answered = TypeVar("Answered")


class ColumnsDialect(ABC):
    """An expression is whatever the database's full-text index is asked."""

    @abstractmethod
    def source(self) -> Source:
        """What is asked for columns and for what holds a word."""

    @abstractmethod
    def term(self, term: Term) -> Hashable:
        """The expression of a word, or of what it may be a slip of."""

    @abstractmethod
    def beside(self, words: str) -> Hashable:
        """The expression of words beside each other."""

    def readings(self, words: str) -> Sequence[Hashable]:
        """The expressions of words beside each other as other languages read them, where `beside` does not say that."""
        return ()

    @abstractmethod
    def named(self, expression: Hashable) -> Hashable:
        """The same in titles and names."""

    @abstractmethod
    def begun(self, words: Sequence[str]) -> Hashable:
        """Titles and names that hold all words, the last one perhaps unfinished."""

    @abstractmethod
    def weights(self, relevance: Relevance) -> Mapping[str, float]:
        """What a word counts in each place; `title` and `body` are among them."""

    @abstractmethod
    def times(
        self, ranks: Ranking, query: SearchQuery, asked: Sequence[ranking.Form], places: Numbers
    ) -> dict[int, Scores]:
        """How often each form is said at some places, by the form's number, with the weight of where it is said."""

    def answered(self, query: SearchQuery, audience: Sequence[str], kinds: Sequence[str], window: int) -> list[Row]:
        return self._of_one_moment(lambda known: self._answered(known, query, audience, kinds, window))

    def held(self, terms: Sequence[Term], audience: Sequence[str], kinds: Sequence[str]) -> list[int]:
        return self._of_one_moment(lambda known: self._held(known, SearchQuery(terms=tuple(terms)), audience, kinds))

    def _of_one_moment(self, ask: Callable[[Columns], Answered]) -> Answered:
        source = self.source()
        for _try in range(MOST_TRIES):
            known = columns.current(source)
            answer = ask(known)
            if columns.is_current(known):  # else words of now may have met an audience of before
                break
        return answer

    def _held(self, known: Columns, query: SearchQuery, audience: Sequence[str], kinds: Sequence[str]) -> list[int]:
        asked = self._asked(query)
        known.learn([expression for _number, expression in asked])
        held = {number: known.holding(expression) for number, expression in asked}
        return Matches(known, query, held, audience, kinds).holding()

    def _answered(
        self, known: Columns, query: SearchQuery, audience: Sequence[str], kinds: Sequence[str], window: int
    ) -> list[Row]:
        asked = self._asked(query)
        known.learn([
            *(expression for _number, expression in asked), *(self.named(expression) for _number, expression in asked),
            *(self.beside(phrase) for phrase in query.excluded),
        ])
        held = {number: known.holding(expression) for number, expression in asked}
        matches = Matches(
            known, query, held, audience, kinds, also=[known.holding(self.beside(phrase)) for phrase in query.phrases],
            never=[known.holding(self.beside(phrase)) for phrase in query.excluded],
        )
        places = np.flatnonzero(matches.chosen())
        scores: dict[int, float] = {}
        if query.sort != "relevance":
            ordered = ranking.by_sort(known, places, query)
        elif query.has_words:
            ordered, scores = self._ranked(known, query, asked, places, window)
        else:
            ordered = places[::-1]
        return [*_hits(known, matches, ordered, scores, window), *matches.counts()]

    def _asked(self, query: SearchQuery) -> list[tuple[int, Hashable]]:
        """What the full-text index is asked for: each term, phrase, synonym and reading with its number."""
        asked = [(number, self.term(term)) for number, term in enumerate(query.terms)]
        asked += [(PHRASE + number, self.beside(phrase)) for number, phrase in enumerate(query.phrases)]
        asked += [(number, self.beside(also)) for number, also in forms(query.terms)]
        words = [(number, " ".join(term.parts)) for number, term in enumerate(query.terms)] + forms(query.terms)
        return asked + [
            (OWN * place + number, reading) for number, said in words
            for place, reading in enumerate(self.readings(said), start=1)
        ]

    def _ranked(
        self, known: Columns, query: SearchQuery, asked: Sequence[tuple[int, Hashable]], places: Numbers, window: int
    ) -> tuple[Numbers, dict[int, float]]:
        """The best of each kind, best first, with their scores."""
        ranks = self._ranking(known, query, asked)
        first, kind = ranks.first(places), known.values["kind"][places]
        most = max(window, ranking.CLOSE)
        close = np.sort(np.concatenate([
            ranking.best(places[kind == code], first[kind == code], most) for code in np.unique(kind).tolist()
        ] or [places]))
        scores = self._closely(ranks, query, close)
        ordered = ranking.best(close, scores, len(close))
        return ordered, dict(zip(close.tolist(), scores.tolist(), strict=True))

    def _ranking(self, known: Columns, query: SearchQuery, asked: Sequence[tuple[int, Hashable]]) -> Ranking:
        weights = self.weights(query.relevance)
        found = [
            ranking.Form(
                number, expression, known.holding(expression), known.holding(self.named(expression)),
                query.relevance.synonym if number % OWN >= FORM else 1.0,
            )
            for number, expression in asked
        ]
        return Ranking(known, found, title=weights["title"], body=weights["body"], heaviest=max(weights.values()))

    def _closely(self, ranks: Ranking, query: SearchQuery, places: Numbers) -> Scores:
        """The scores of a few documents, by how often they say each form."""
        asked = [form for form in ranks.forms if ranks.asks(form)]
        return ranks.closely(places, self.times(ranks, query, asked, places) if len(places) else {})

    def points(self, query: SearchQuery, entry: int) -> float:
        known = columns.current(self.source())
        places = known.places(np.array([entry]))
        if not len(places):
            return 0.0
        return float(self._closely(self._ranking(known, query, self._asked(query)), query, places)[0])

    def completed(
        self, words: Sequence[str], audience: Sequence[str], kinds: Sequence[str], limit: int
    ) -> list[tuple[int, float]]:
        """By BM25, as if every title said the words once: the shorter a document the better."""
        known = columns.current(self.source())
        found = known.holding(self.begun(words)) & known.living
        places = np.flatnonzero(found & known.among("token", audience) & known.among("kind", kinds))
        kind, length = known.values["kind"][places], known.values["length"][places]
        mean = max(float(length.mean()), 1.0) if len(length) else 1.0
        scores = _TITLE / (_TITLE + 1.2 * (0.25 + 0.75 * length / mean))
        order = np.lexsort((places, -known.values["helpful"][places], -scores))
        chosen = [at for code in np.unique(kind).tolist() for at in order[kind[order] == code][:limit].tolist()]
        return sorted(
            ((int(known.ids[places[at]]), float(scores[at])) for at in chosen), key=lambda row: (-row[1], row[0])
        )


def _hits(
    known: Columns, matches: Matches, ordered: Numbers, scores: dict[int, float], window: int
) -> list[Row]:
    """The first of each kind, numbered from 1."""
    kinds, rows = known.values["kind"][ordered], []
    for code in np.unique(kinds).tolist():
        name = known.names["kind"].texts[code]
        for number, place in enumerate(ordered[kinds == code][:window].tolist(), start=1):
            score, cover = scores.get(place, 0.0), int(matches.cover[place])
            rows.append(("hit", name, number, int(known.ids[place]), score, cover))
    return rows
