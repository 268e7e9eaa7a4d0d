"""SQLite: an FTS5 table over `search_entry`, kept by triggers, says what holds a word and how often.

FTS5's bm25 knows one rarity and one mean length for all kinds together: rarity * f * (k1 + 1) / (f + k1 * (1 - b +
b * length / mean)) with k1 = 1.2 and b = 0.75. From that f, the weighted number of times, follows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from django.db import connection

from search import languages, stems
from search.engines.answering import ColumnsDialect
from search.engines.base import Form
from search.engines.columns import Columns, Mask, Numbers
from search.engines.entries import BODY_LIMIT, REPLIES_LIMIT
from search.engines.ranking import Form as Ranked
from search.engines.ranking import Ranking, Scores
from search.engines.sqlite_changes import SqliteSource
from search.engines.sqlite_schema import OWN_WEIGHTS, WEIGHTS
from search.query import SearchQuery, Term
from search.relevance import Relevance
from search.sources import Document

Expression = tuple[str, str]
TEXT: Final = "search_text"
OWN: Final = "search_own"
AT_ONCE: Final = 100  # expressions in one statement; SQLite takes 500
_SETTINGS: Final = {"tag_words": "tags"}  # a column's name among the settings of relevance, where it is another


def _quoted(words: Sequence[str]) -> str:
    """Words beside each other, as an FTS5 string: nothing in it is an operator."""
    return '"' + " ".join(words).replace('"', " ").replace("\0", " ") + '"'


class SqliteDialect(ColumnsDialect):
    """An expression is a table and what it is asked: `search_text` reads all texts as English, `search_own` those in
    another language by its own rules."""

    def source(self) -> SqliteSource:
        return SqliteSource()

    def term(self, term: Term) -> Expression:
        if not term.meant:
            return TEXT, _quoted(term.parts)
        meant = " OR ".join(_quoted([word]) for word in term.meant)
        return TEXT, f"{_quoted(term.parts)} OR ({{title keywords}} : ({meant}))"

    def beside(self, words: str) -> Expression:
        return TEXT, _quoted([words])

    def readings(self, words: str) -> list[Expression]:
        return [(OWN, _quoted([stems.words(code, words)])) for code in languages.own_held()]

    def named(self, expression: Any) -> Expression:
        table, asked = expression
        return table, f"{{title keywords}} : ({asked})" if table == TEXT else f"title : ({asked})"

    def begun(self, words: Sequence[str]) -> Expression:
        begun = [*(_quoted([word]) for word in words[:-1]), f"{_quoted([words[-1]])} *"]
        return self.named((TEXT, " AND ".join(begun)))

    def weights(self, relevance: Relevance) -> Mapping[str, float]:
        """What a word counts in each column, as the operator has set it."""
        return {name: weight * getattr(relevance, _SETTINGS.get(name, name)) for name, weight in WEIGHTS.items()}

    def times(
        self, ranks: Ranking, query: SearchQuery, asked: Sequence[Ranked], places: Numbers
    ) -> dict[int, Scores]:
        own = {name: weight * getattr(query.relevance, name) for name, weight in OWN_WEIGHTS.items()}
        return {
            **_times(ranks.columns, [form for form in asked if form.expression[0] == TEXT],
                     self.weights(query.relevance), places, ranks.columns.exists),
            **_times(ranks.columns, [form for form in asked if form.expression[0] == OWN],
                     own, places, _in_own_languages(ranks.columns)),
        }

    def places(self, entry: int, language: str, form: Form) -> list[str]:
        names = ("title", "keywords") if form.role == "slip" else tuple(WEIGHTS)
        said = [(TEXT, name, f"{name} : {_quoted([form.words])}") for name in names]
        if form.role in {"word", "synonym"} and languages.code_of(language) in languages.OWN:
            own = _quoted([stems.words(language, form.words)])
            said += [(OWN, name, f"{name} : {own}") for name in OWN_WEIGHTS]
        sql = " UNION ALL ".join(f"SELECT %s FROM {table} WHERE {table} MATCH %s AND rowid = %s" for table, *_ in said)
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for _table, name, words in said for value in (name, words, entry)])
            return list(dict.fromkeys(row[0] for row in cursor.fetchall()))

    def written(self, rows: Sequence[tuple[int, Document]], gone: Sequence[int]) -> None:
        """Stems of their own languages; the triggers have done the rest."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {OWN} WHERE rowid IN (SELECT value FROM json_each(%s))",
                [json.dumps([*(pk for pk, _doc in rows), *gone])],
            )
            for pk, doc in rows:
                if languages.code_of(doc.language) in languages.OWN:
                    texts = (
                        f"{doc.title} {doc.keywords}",
                        f"{doc.summary} {doc.body[:BODY_LIMIT]} {doc.solution[:BODY_LIMIT]}",
                        doc.replies[:REPLIES_LIMIT],
                    )
                    said = [stems.words(doc.language, text) for text in texts]
                    names = ", ".join(("rowid", *OWN_WEIGHTS))
                    cursor.execute(f"INSERT INTO {OWN} ({names}) VALUES (%s, %s, %s, %s)", [pk, *said])


def _in_own_languages(known: Columns) -> Mask:
    names = known.names["language"].texts
    return known.exists & known.among("language", [name for name in names if languages.code_of(name) in languages.OWN])


def _times(
    known: Columns, asked: Sequence[Ranked], weights: Mapping[str, float], places: Numbers, among: Mask
) -> dict[int, Scores]:
    """How often each form is said, by what FTS5 says of one table, whose documents are `among`."""
    length = known.values["length"]
    rows = max(int(among.sum()), 1)
    longer = 1.2 * (0.25 + 0.75 * length[places] * rows / max(float(length[among].sum()), 1.0))
    told = ", ".join(f"{weight:.4f}" for weight in weights.values())
    said = _said(known, [(form.number, form.expression) for form in asked], told, places)
    times = {}
    for form in asked:
        held = int(form.held.sum())
        of_one = said[form.number] / max(np.log(max((rows - held + 0.5) / (held + 0.5), 1e-6)), 1e-6)
        times[form.number] = of_one * longer / np.maximum(2.2 - of_one, 0.001)
    return times


def _said(
    known: Columns, asked: Sequence[tuple[int, Expression]], weights: str, places: Numbers
) -> dict[int, Scores]:
    """What FTS5 scores each expression with at some places, by its number."""
    ids = known.ids[places]
    scores = {number: np.zeros(len(places)) for number, _expression in asked}
    one = (
        f"SELECT %s, rowid, -bm25({{0}}, {weights}) FROM {{0}} WHERE {{0}} MATCH %s"
        " AND +rowid IN (SELECT value FROM json_each(%s))"  # the plus: one walk, not a search for each
    )
    chosen = json.dumps(ids.tolist())
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        with connection.cursor() as cursor:
            sql = " UNION ALL ".join(one.format(table) for _number, (table, _words) in part)
            cursor.execute(sql, [value for number, (_table, words) in part for value in (number, words, chosen)])
            found = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 3)
        for number, _expression in part:
            mine = found[found[:, 0] == number]
            scores[number][np.searchsorted(ids, mine[:, 1].astype(np.int64))] = mine[:, 2]
    return scores
