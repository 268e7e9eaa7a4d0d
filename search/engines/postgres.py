"""PostgreSQL: a weighted tsvector of each entry, in a narrow table with a GIN index, says what holds a word.

Texts are folded and cut into bare words in Python first, so accents and punctuation mean the same as in SQLite.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from django.db import connection

from search import analysis, languages
from search.engines.answering import ColumnsDialect
from search.engines.base import Form
from search.engines.columns import Numbers
from search.engines.forms import FORM, PHRASE, forms
from search.engines.postgres_changes import PostgresSource
from search.engines.ranking import Form as Ranked
from search.engines.ranking import Ranking, Scores
from search.query import SearchQuery, Term
from search.relevance import Relevance
from search.sources import Document

Sql = tuple[str, tuple[str, ...]]

CONFIGS: Final = {
    "en": "english", "de": "german", "es": "spanish", "fr": "french", "it": "italian", "nl": "dutch",
    "pt": "portuguese", "da": "danish", "sv": "swedish", "fi": "finnish", "no": "norwegian", "hu": "hungarian",
    "ro": "romanian", "ru": "russian", "tr": "turkish",
}
PLACES: Final = {"title": "a", "summary": "b", "body": "c", "replies": "d"}
WEIGHTS: Final = {"title": 6.0, "body": 1.0, "replies": 0.7}
_MOST_WORDS: Final = 15_000
# Title, body and replies follow each other in the vector, so ranks with weights up to each of them count up to its end.
_TIMES: Final = """
    SELECT c.entry_id, a.number, a.is_plain::int, ts_rank('{{0,0,0,1}}', c.words, a.q),
           ts_rank('{{0,1,1,1}}', c.words, a.q), ts_rank('{{1,1,1,1}}', c.words, a.q)
    FROM (
        SELECT w.entry_id, g.config, w.words || ''::tsvector AS words
        FROM unnest(%s::bigint[], %s::text[]) AS g (id, config) JOIN search_words w ON w.entry_id = g.id
        OFFSET 0  -- so that each vector is unpacked once, not once a word
    ) c JOIN ({asked}) a ON a.config = c.config"""
_ASKED: Final = "SELECT %s AS number, %s AS config, %s AS is_plain, {sought} AS q"
_PHRASE: Final = "phraseto_tsquery(%s::regconfig, %s)"


def config_of(language: str) -> str:
    return CONFIGS.get(languages.code_of(language), "simple")


def _configs() -> list[str]:
    return sorted({config_of(language) for language in languages.held()} | {"english", "simple"})


def _words(text: str) -> str:
    return " ".join(analysis.plain_words(text)[:_MOST_WORDS])


class PostgresDialect(ColumnsDialect):
    def source(self) -> PostgresSource:
        return PostgresSource()

    def term(self, term: Term) -> Hashable:
        query, params = _beside(" ".join(term.parts))
        return "said", *_any([query], params, term.meant)

    def beside(self, words: str) -> Hashable:
        return "said", *_beside(words)

    def named(self, expression: Any) -> Hashable:
        return "named", *expression[1:]

    def begun(self, words: Sequence[str]) -> Hashable:
        begun = "(to_tsquery('english', %s) || to_tsquery('simple', %s))"
        given = [*words[:-1], f"{words[-1]}:*"]
        return "named", " && ".join([begun] * len(words)), tuple(form for form in given for _ in range(2))

    def weights(self, relevance: Relevance) -> Mapping[str, float]:
        return {name: weight * getattr(relevance, name) for name, weight in WEIGHTS.items()}

    def times(
        self, ranks: Ranking, query: SearchQuery, asked: Sequence[Ranked], places: Numbers
    ) -> dict[int, Scores]:
        known = ranks.columns
        ids, names = known.ids[places], known.names["language"].texts
        configs = [config_of(names[code]) for code in known.values["language"][places].tolist()]
        wanted = {form.number for form in asked}
        sql, params = _sought([row for row in _forms(query) if row[0] in wanted], sorted(set(configs)))
        times = {number: np.zeros(len(places)) for number in wanted}
        if not params:
            return times
        with connection.cursor() as cursor:
            cursor.execute(_TIMES.format(asked=sql), [ids.tolist(), configs, *params])
            found = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 6)
        title, body, replies = (_times(found[:, place], found[:, 2]) for place in (3, 4, 5))
        weights = self.weights(query.relevance)
        summed = (
            weights["title"] * title + weights["body"] * np.maximum(body - title, 0)
            + weights["replies"] * np.maximum(replies - body, 0)
        )
        for number in wanted:
            mine = found[:, 1] == number
            times[number][np.searchsorted(ids, found[mine, 0].astype(np.int64))] = summed[mine]
        return times

    def places(self, entry: int, language: str, form: Form) -> list[str]:
        names = {"title": "a"} if form.role == "slip" else PLACES
        config = "english" if form.role == "slip" else config_of(language)
        select = (
            "SELECT %s FROM search_words WHERE entry_id = %s"
            " AND ts_filter(words, %s::\"char\"[]) @@ phraseto_tsquery(%s::regconfig, %s)"
        )
        params = [v for name, letter in names.items() for v in (name, entry, f"{{{letter}}}", config, form.words)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([select] * len(names)), params)
            return [row[0] for row in cursor.fetchall()]

    def written(self, rows: Sequence[tuple[int, Document]], gone: Sequence[int]) -> None:
        pieces = "ABBCCD"
        vector = " || ".join(f"setweight(to_tsvector(%s::regconfig, %s), '{weight}')" for weight in pieces)
        sql = (
            f"INSERT INTO search_words (entry_id, words) VALUES (%s, {vector})"
            " ON CONFLICT (entry_id) DO UPDATE SET words = excluded.words"
        )
        with connection.cursor() as cursor:
            for pk, doc in rows:
                config = config_of(doc.language)
                names = f"{doc.title} {doc.keywords}"
                texts = (names, " ".join(doc.tags), doc.summary, doc.body, doc.solution, doc.replies)
                cursor.execute(sql, [pk, *(value for text in texts for value in (config, _words(text)))])
            if gone:
                cursor.execute("DELETE FROM search_words WHERE entry_id = ANY(%s::bigint[])", [list(gone)])


def _forms(query: SearchQuery) -> list[tuple[int, Sequence[str], Sequence[str]]]:
    """All that is looked for: number, words beside each other, and words of titles that are meant instead."""
    asked: list[tuple[int, Sequence[str], Sequence[str]]] = [
        (number, term.parts, term.meant) for number, term in enumerate(query.terms)
    ]
    asked += [(PHRASE + number, (phrase,), ()) for number, phrase in enumerate(query.phrases)]
    return [*asked, *((number, also.split(), ()) for number, also in forms(query.terms))]


def _sought(asked: Sequence[tuple[int, Sequence[str], Sequence[str]]], configs: Sequence[str]) -> tuple[str, list[Any]]:
    """Rows (number, config, is_plain, q): what is looked for, as each configuration reads it."""
    rows: list[str] = []
    params: list[Any] = []
    for number, parts, meant in asked:
        is_plain = number % FORM < PHRASE and len(parts) == 1 and not meant
        for config in configs:
            sought, given = _any([_PHRASE], (config, " ".join(parts)), meant)
            rows.append(_ASKED.format(sought=sought))
            params += [number, config, is_plain, *given]
    return " UNION ALL ".join(rows), params


def _times(rank: Scores, is_plain: Scores) -> Scores:
    """How often a word occurs, from its ts_rank with all weights 1.

    For one word that occurs n times that is (1 + 1/4 + … + 1/n²) / ζ(2) (calc_rank_or in PostgreSQL's tsrank.c), and
    what it lacks of 1 is 1 / (n + 1/2) / ζ(2) within 4 %. Of words beside each other only that they occur is known.
    """
    plain = 0.608 / np.maximum(1 - rank, 0.001) - 0.5
    return np.where(rank <= 0, 0.0, np.where(is_plain > 0, plain, 1.0))


def _beside(words: str) -> Sql:
    """Words beside each other, stemmed as each language of the index does."""
    configs = _configs()
    return _any([_PHRASE] * len(configs), [value for config in configs for value in (config, words)])


def _any(queries: Sequence[str], params: Sequence[str], meant: Sequence[str] = ()) -> Sql:
    """Any of the queries, or a word of `meant` in a title."""
    given = [*queries, *["to_tsquery('english', %s)"] * len(meant)]
    return f"({' || '.join(given)})", (*params, *(f"{word}:A" for word in meant))
