"""SQLite: an FTS5 table over `search_entry`, kept by triggers, says what holds a word and how often; what else is known
of documents is kept as columns in this process (`columns`), which count (`counting`) and rank (`ranking`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import numpy as np
from django.db import connection

from search.engines import columns, ranking
from search.engines.base import Form
from search.engines.columns import MOST_TRIES, Columns, Numbers
from search.engines.counting import Matches
from search.engines.entries import Row
from search.engines.forms import FORM, PHRASE, forms
from search.engines.ranking import Ranking, Scores
from search.engines.sqlite_schema import WEIGHTS
from search.query import SearchQuery, Term
from search.relevance import Relevance
from search.sources import Document

AT_ONCE: Final = 100  # expressions in one statement; SQLite takes 500
_SETTINGS: Final = {"tag_words": "tags"}  # a column's name among the settings of relevance, where it is another


def _rank(relevance: Relevance) -> str:
    """The score, with what each column weighs."""
    return f"-bm25(search_text, {', '.join(f'{weight:.4f}' for weight in _weights(relevance))})"


def _weights(relevance: Relevance) -> list[float]:
    """What a word counts in each column, as the operator has set it."""
    return [weight * getattr(relevance, _SETTINGS.get(name, name)) for name, weight in WEIGHTS.items()]


def _quoted(words: Sequence[str]) -> str:
    """Words beside each other, as an FTS5 string: nothing in it is an operator."""
    return '"' + " ".join(words).replace('"', " ").replace("\0", " ") + '"'


class SqliteDialect:
    def answered(self, query: SearchQuery, audience: Sequence[str], kinds: Sequence[str], window: int) -> list[Row]:
        for _try in range(MOST_TRIES):
            known = columns.current()
            rows = self._answered(known, query, audience, kinds, window)
            if columns.is_current(known):  # else words of now may have met an audience of before
                break
        return rows

    def _answered(
        self, known: Columns, query: SearchQuery, audience: Sequence[str], kinds: Sequence[str], window: int
    ) -> list[Row]:
        asked = self._asked(query.terms, query.phrases)
        held = {number: known.holding(words) for number, words in asked}
        matches = Matches(
            known, query, held, audience, kinds, also=[known.holding(_quoted([phrase])) for phrase in query.phrases],
            never=[known.holding(_quoted([phrase])) for phrase in query.excluded],
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

    def _ranked(
        self, known: Columns, query: SearchQuery, asked: Sequence[tuple[int, str]], places: Numbers, window: int
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

    def _ranking(self, known: Columns, query: SearchQuery, asked: Sequence[tuple[int, str]]) -> Ranking:
        weights = dict(zip(WEIGHTS, _weights(query.relevance), strict=True))
        found = [
            ranking.Form(
                number, words, known.holding(words), known.holding(f"{{title keywords}} : ({words})"),
                query.relevance.synonym if number >= FORM else 1.0,
            )
            for number, words in asked
        ]
        return Ranking(known, found, title=weights["title"], body=weights["body"], heaviest=max(weights.values()))

    def _closely(self, ranks: Ranking, query: SearchQuery, places: Numbers) -> Scores:
        """The scores of a few documents, by what FTS5 says of each."""
        asked = [(form.number, form.expression) for form in ranks.forms if ranks.asks(form)]
        return ranks.closely(places, _said(ranks.columns, asked, _rank(query.relevance), places))

    def points(self, query: SearchQuery, entry: int) -> float:
        known = columns.current()
        places = known.places(np.array([entry]))
        if not len(places):
            return 0.0
        ranks = self._ranking(known, query, self._asked(query.terms, query.phrases))
        return float(self._closely(ranks, query, places)[0])

    def completed(
        self, words: Sequence[str], audience: Sequence[str], kinds: Sequence[str], limit: int
    ) -> list[tuple[int, float]]:
        """By BM25, as if every title said the words once: the shorter a document the better."""
        begun = " AND ".join([*(_quoted([word]) for word in words[:-1]), f"{_quoted([words[-1]])} *"])
        known = columns.current()
        found = known.holding(f"{{title keywords}} : ({begun})") & known.living
        places = np.flatnonzero(found & known.among("token", audience) & known.among("kind", kinds))
        kind, length = known.values["kind"][places], known.values["length"][places]
        mean = max(float(length.mean()), 1.0) if len(length) else 1.0
        scores = WEIGHTS["title"] / (WEIGHTS["title"] + 1.2 * (0.25 + 0.75 * length / mean))
        order = np.lexsort((places, -known.values["helpful"][places], -scores))
        chosen = [at for code in np.unique(kind).tolist() for at in order[kind[order] == code][:limit].tolist()]
        return sorted(
            ((int(known.ids[places[at]]), float(scores[at])) for at in chosen), key=lambda row: (-row[1], row[0])
        )

    def _asked(self, terms: Sequence[Term], phrases: Sequence[str]) -> list[tuple[int, str]]:
        """What FTS5 is asked for: each term, phrase and synonym with its number."""
        asked = [(number, self._term(term)) for number, term in enumerate(terms)]
        asked += [(PHRASE + number, _quoted([phrase])) for number, phrase in enumerate(phrases)]
        return [*asked, *((number, _quoted([also])) for number, also in forms(terms))]

    def _term(self, term: Term) -> str:
        if not term.meant:
            return _quoted(term.parts)
        meant = " OR ".join(_quoted([word]) for word in term.meant)
        return f"{_quoted(term.parts)} OR ({{title keywords}} : ({meant}))"

    def places(self, entry: int, language: str, form: Form) -> list[str]:
        names = ("title", "keywords") if form.role == "slip" else tuple(WEIGHTS)
        select = "SELECT %s FROM search_text WHERE search_text MATCH %s AND rowid = %s"
        params = [value for name in names for value in (name, f"{name} : {_quoted([form.words])}", entry)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([select] * len(names)), params)
            return [row[0] for row in cursor.fetchall()]

    def written(self, rows: Sequence[tuple[int, Document]]) -> None:
        """The triggers have done it."""


def _said(
    known: Columns, asked: Sequence[tuple[int, str]], rank: str, places: Numbers
) -> dict[int, Scores]:
    """What FTS5 scores each expression with at some places, by its number."""
    ids = known.ids[places]
    scores = {number: np.zeros(len(places)) for number, _words in asked}
    one = (
        f"SELECT %s, rowid, {rank} FROM search_text WHERE search_text MATCH %s"
        " AND +rowid IN (SELECT value FROM json_each(%s))"  # the plus: one walk, not a search for each
    )
    chosen = json.dumps(ids.tolist())
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        with connection.cursor() as cursor:
            sql = " UNION ALL ".join([one] * len(part))
            cursor.execute(sql, [value for number, words in part for value in (number, words, chosen)])
            found = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 3)
        for number, _words in part:
            mine = found[found[:, 0] == number]
            scores[number][np.searchsorted(ids, mine[:, 1].astype(np.int64))] = mine[:, 2]
    return scores


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
