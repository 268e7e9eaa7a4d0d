"""Full text in PostgreSQL: a weighted tsvector with a GIN index, each word ranked by rarity and place.

Texts are folded and cut into bare words in Python first, so accents and punctuation mean the same as in SQLite.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from search import analysis, languages
from search.engines import statement
from search.engines.base import Form
from search.engines.forms import FORM, NUMBER, PHRASE, forms
from search.engines.statistics import statistics
from search.query import SearchQuery, Term
from search.relevance import Relevance
from search.sources import Document

Sql = tuple[str, list[Any]]

CREATE: Final = (
    "ALTER TABLE search_entry ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_entry_vector ON search_entry USING gin (vector)",
)
DROP: Final = ("DROP INDEX search_entry_vector", "ALTER TABLE search_entry DROP COLUMN vector")
# `brief` holds title, tags and summary alone: short enough to stay in the row, so it can be looked at for every match,
# where the whole vector has to be fetched and unpacked. The function is there for its setting: the planner does not
# know what unpacking costs and would rather read the whole table.
CREATE_BRIEF: Final = (
    "ALTER TABLE search_entry ADD COLUMN brief tsvector NOT NULL DEFAULT ''",
    "UPDATE search_entry SET brief = ts_filter(vector, '{a,b}')",
    "CREATE INDEX search_entry_brief ON search_entry USING gin (brief)",
    "CREATE FUNCTION search_holding(asked tsquery) RETURNS TABLE (entry_id bigint, kind varchar, is_named boolean)"
    " LANGUAGE sql STABLE SET enable_seqscan = off AS $$"
    " SELECT id, kind, brief @@ asked FROM search_entry WHERE vector @@ asked $$",
)
DROP_BRIEF: Final = (
    "DROP FUNCTION search_holding(tsquery)", "DROP INDEX search_entry_brief",
    "ALTER TABLE search_entry DROP COLUMN brief",
)
CONFIGS: Final = {
    "en": "english", "de": "german", "es": "spanish", "fr": "french", "it": "italian", "nl": "dutch",
    "pt": "portuguese", "da": "danish", "sv": "swedish", "fi": "finnish", "no": "norwegian", "hu": "hungarian",
    "ro": "romanian", "ru": "russian", "tr": "turkish",
}
PLACES: Final = {"title": "a", "summary": "b", "body": "c", "replies": "d"}
_BRIEF_WEIGHTS: Final = "'{0, 0, 0.5, 1}'::float4[]"
_MOST_WORDS: Final = 15_000

# A word's score is BM25's, with the numbers of the hit's own kind, and weights and settings as in SQLite.
_K1: Final = 1.5
_B: Final = 0.4
TITLE, BODY, REPLIES = 6.0, 1.0, 0.7
# What a word in title, tags or summary is worth more while only rarity and `brief` are looked at, and how many of a
# kind come out of that to be looked at closely.
_NAMED: Final = 2.0
CLOSE: Final = 150

_SCORED: Final = f"""
    WITH held AS MATERIALIZED ({{held}}),
    rarity AS (
        SELECT h.term, h.kind,
               LN(1 + (GREATEST(MAX(k.documents), COUNT(*)) - COUNT(*) + 0.5) / (COUNT(*) + 0.5))::float8 AS value
        FROM held h LEFT JOIN ({{kinds}}) k ON k.kind = h.kind GROUP BY h.term, h.kind
    )
    SELECT h.entry_id, h.term, r.value AS rarity, r.value * (1 + {_NAMED} * h.is_named::int) AS score
    FROM held h JOIN rarity r ON r.term = h.term AND r.kind = h.kind"""


def _times(rank: str) -> str:
    """How often a word occurs, from its ts_rank with all weights 1.

    For one word that occurs n times that is (1 + 1/4 + … + 1/n²) / ζ(2) (calc_rank_or in PostgreSQL's tsrank.c), and
    what it lacks of 1 is 1 / (n + 1/2) / ζ(2) within 4 %. Of words beside each other only that they occur is known.
    """
    return f"CASE WHEN {rank} <= 0 THEN 0 WHEN is_plain THEN 0.608 / GREATEST(1 - {rank}, 0.001) - 0.5 ELSE 1 END"


# Title, body and replies follow each other in the vector, so ranks with weights up to each of them count up to its end.
_CLOSELY: Final = f"""
    SELECT id, kind, cover, helpful, created_at, {{added}}
    FROM (
        SELECT n.*, %s * t + %s * GREATEST(b - t, 0) + %s * GREATEST(r - b, 0) AS f
        FROM (
            SELECT w.*, {_times("to_title")} AS t, {_times("to_body")} AS b, {_times("to_replies")} AS r
            FROM (
                SELECT c.id, c.kind, c.cover, c.helpful, c.created_at, c.length, c.mean, s.term, s.rarity, a.is_plain,
                       ts_rank('{{{{0,0,0,1}}}}', c.words, a.q) AS to_title,
                       ts_rank('{{{{0,1,1,1}}}}', c.words, a.q) AS to_body,
                       ts_rank('{{{{1,1,1,1}}}}', c.words, a.q) AS to_replies
                FROM (
                    SELECT c.id, c.kind, c.cover, c.helpful, c.created_at, c.terms, c.rarities, e.length, e.language,
                           COALESCE(k.mean, 1) AS mean, e.vector || ''::tsvector AS words
                    FROM ({{hits}}) c JOIN search_entry e ON e.id = c.id LEFT JOIN ({{kinds}}) k ON k.kind = c.kind
                    OFFSET 0  -- so that each vector is unpacked once, not once a word
                ) c
                CROSS JOIN LATERAL unnest(c.terms, c.rarities) AS s (term, rarity)
                JOIN ({{asked}}) a ON a.term = s.term AND a.language = c.language
                OFFSET 0
            ) w
        ) n
    ) f GROUP BY id, kind, cover, helpful, created_at{{each}}"""
_WORTH: Final = f"rarity * f * (1 + {_K1}) / (f + {_K1} * (1 - {_B} + {_B} * length / mean))"
_ALL_WORDS: Final = _CLOSELY.replace("{added}", f"SUM({_WORTH}) AS score").replace("{each}", "")
# A word or one of its synonyms, whichever is stronger.
_OF_FORM: Final = f"MAX(CASE WHEN term < {FORM} THEN 1 ELSE %s END * {_WORTH}) AS score"
_STRONGEST: Final = (
    "SELECT id, kind, cover, helpful, created_at, SUM(score) AS score FROM ("
    + _CLOSELY.replace("{added}", _OF_FORM).replace("{each}", f", {NUMBER}")
    + ") strongest GROUP BY id, kind, cover, helpful, created_at"
)


def _weights(relevance: Relevance) -> list[float]:
    return [TITLE * relevance.title, BODY * relevance.body, REPLIES * relevance.replies]


def config_of(language: str) -> str:
    return CONFIGS.get(languages.code_of(language), "simple")


def _configs() -> list[str]:
    return sorted({config_of(language) for language in languages.held()} | {"english", "simple"})


def _words(text: str) -> str:
    return " ".join(analysis.plain_words(text)[:_MOST_WORDS])


class PostgresDialect:
    close = CLOSE
    # Kept beside each entry, because the planner, who cannot know how many there are, joins them badly.
    gathered = ", array_agg(term) AS terms, array_agg(rarity) AS rarities"

    def scored(self, query: SearchQuery) -> Sql:
        asked = [(number, *self._term(term)) for number, term in enumerate(query.terms)]
        asked += [(PHRASE + number, *self._beside(phrase)) for number, phrase in enumerate(query.phrases)]
        asked += [(number, *self._beside(also)) for number, also in forms(query.terms)]
        held = [f"SELECT h.*, %s AS term FROM search_holding({words}) h" for _number, words, _params in asked]
        kinds, kind_params = statistics().table()
        params = [value for number, _words, given in asked for value in (number, *given)]
        return _SCORED.format(held=" UNION ALL ".join(held), kinds=kinds), [*params, *kind_params]

    def closely(self, hits: str, params: Sequence[Any], query: SearchQuery) -> Sql:
        """The same hits, each scored by how often it says the words, and where."""
        asked = [(number, term.parts, term.meant) for number, term in enumerate(query.terms)]
        asked += [(PHRASE + number, (phrase,), ()) for number, phrase in enumerate(query.phrases)]
        asked += [(number, tuple(also.split()), ()) for number, also in forms(query.terms)]
        rows: list[str] = []
        asked_params: list[Any] = []
        for number, parts, meant in asked:
            is_plain = number % FORM < PHRASE and len(parts) == 1 and not meant
            for language in languages.held():
                words = [config_of(language), " ".join(parts)]
                sought, given = _any(["phraseto_tsquery(%s::regconfig, %s)"], words, meant)
                rows.append(f"SELECT %s AS term, %s AS language, %s AS is_plain, {sought} AS q")
                asked_params += [number, language, is_plain, *given]
        kinds, kind_params = statistics().table()
        scoring, weights = _ALL_WORDS, _weights(query.relevance)
        if query.has_also:
            scoring, weights = _STRONGEST, [query.relevance.synonym, *weights]
        sql = scoring.format(hits=hits, kinds=kinds, asked=" UNION ALL ".join(rows))
        return sql, [*weights, *params, *kind_params, *asked_params]

    def _beside(self, words: str) -> Sql:
        """Words beside each other, stemmed as each language of the index does."""
        configs = _configs()
        given = [value for config in configs for value in (config, words)]
        return _any(["phraseto_tsquery(%s::regconfig, %s)"] * len(configs), given)

    def _term(self, term: Term) -> Sql:
        query, params = self._beside(" ".join(term.parts))
        return _any([query], params, term.meant)

    def holding(self, phrase: str) -> Sql:
        query, params = self._beside(phrase)
        return f"SELECT entry_id FROM search_holding({query})", params

    def answered(self, query: SearchQuery, audience: Sequence[str], kinds: Sequence[str], window: int) -> list[Any]:
        return _rows(*statement.statement(query, audience, kinds, window, self))

    def points(self, query: SearchQuery, entry: int) -> float:
        rows = _rows(*statement.points(query, entry, self))
        return float(rows[0][0]) if rows else 0.0

    def completed(
        self, words: Sequence[str], audience: Sequence[str], kinds: Sequence[str], limit: int
    ) -> list[tuple[int, float]]:
        return _rows(*statement.completing(self._completing(words), audience, kinds, limit))

    def _completing(self, words: Sequence[str]) -> Sql:
        """Rows (entry_id, term, score) whose title holds all words."""
        begun = "(to_tsquery('english', %s) || to_tsquery('simple', %s))"
        query = " && ".join([begun] * len(words))
        forms = [*(f"{word}:A" for word in words[:-1]), f"{words[-1]}:*A"]
        sql = (
            f"SELECT id AS entry_id, 0 AS term, ts_rank({_BRIEF_WEIGHTS}, brief, q, 1) AS score"
            f" FROM search_entry, (SELECT {query} AS q) asked WHERE brief @@ q"
        )
        return sql, [form for form in forms for _ in range(2)]

    def places(self, entry: int, language: str, form: Form) -> list[str]:
        names = {"title": "a"} if form.role == "slip" else PLACES
        config = "english" if form.role == "slip" else config_of(language)
        select = (
            "SELECT %s FROM search_entry WHERE id = %s"
            " AND ts_filter(vector, %s::\"char\"[]) @@ phraseto_tsquery(%s::regconfig, %s)"
        )
        params = [v for name, letter in names.items() for v in (name, entry, f"{{{letter}}}", config, form.words)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([select] * len(names)), params)
            return [row[0] for row in cursor.fetchall()]

    def written(self, rows: Sequence[tuple[int, Document]]) -> None:
        """Compute the vectors of the entries just written."""
        pieces = "ABBCCD"
        vector = " || ".join(f"setweight(to_tsvector(%s::regconfig, %s), '{weight}')" for weight in pieces)
        sql = (
            f"UPDATE search_entry SET vector = v.words, brief = ts_filter(v.words, '{{a,b}}')"
            f" FROM (SELECT {vector} AS words OFFSET 0) v WHERE id = %s"
        )
        with connection.cursor() as cursor:
            for pk, doc in rows:
                config = config_of(doc.language)
                names = f"{doc.title} {doc.keywords}"
                texts = (names, " ".join(doc.tags), doc.summary, doc.body, doc.solution, doc.replies)
                params = [value for text in texts for value in (config, _words(text))]
                cursor.execute(sql, [*params, pk])


def _rows(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _any(queries: Sequence[str], params: Sequence[Any], meant: Sequence[str] = ()) -> Sql:
    """Any of the queries, or a word of `meant` in a title."""
    given = [*queries, *["to_tsquery('english', %s)"] * len(meant)]
    return f"({' || '.join(given)})", [*params, *(f"{word}:A" for word in meant)]
