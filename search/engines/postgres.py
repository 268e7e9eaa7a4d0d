"""Full text in PostgreSQL: a weighted tsvector with a GIN index, each word ranked by rarity and place.

Texts are folded and cut into bare words in Python first, so accents and punctuation mean the same as in SQLite.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.cache import cache
from django.db import connection

from search import analysis
from search.engines.statistics import statistics
from search.query import Term
from search.sources import Document

CREATE: Final = (
    "ALTER TABLE search_entry ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_entry_vector ON search_entry USING gin (vector)",
)
DROP: Final = ("DROP INDEX search_entry_vector", "ALTER TABLE search_entry DROP COLUMN vector")
CONFIGS: Final = {
    "en": "english", "de": "german", "es": "spanish", "fr": "french", "it": "italian", "nl": "dutch",
    "pt": "portuguese", "da": "danish", "sv": "swedish", "fi": "finnish", "no": "norwegian", "hu": "hungarian",
    "ro": "romanian", "ru": "russian", "tr": "turkish",
}
_WEIGHTS: Final = "'{0.15, 0.3, 0.5, 1.0}'::float4[]"  # D replies, C body and solution, B summary and tags, A title
_MOST_WORDS: Final = 15_000


def config_of(language: str) -> str:
    return CONFIGS.get(language.split("-")[0].lower(), "simple")


def _configs() -> list[str]:
    """The configurations that the index holds; looked up once a minute."""
    known = cache.get("search:configs")
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT language FROM search_entry LIMIT 50")
            known = sorted({config_of(row[0]) for row in cursor.fetchall()} | {"english", "simple"})
        cache.set("search:configs", known, 60)
    return known


def _words(text: str) -> str:
    return " ".join(analysis.plain_words(text)[:_MOST_WORDS])


class PostgresDialect:
    def scored(self, terms: Sequence[Term], phrases: Sequence[str]) -> tuple[str, list[Any]]:
        parts: list[str] = []
        params: list[Any] = []
        asked = [(number, *self._term(term)) for number, term in enumerate(terms)]
        asked += [(1000 + number, *self._beside(phrase)) for number, phrase in enumerate(phrases)]
        for number, query, query_params in asked:
            parts.append(
                f"SELECT id AS entry_id, kind, %s AS term, ts_rank({_WEIGHTS}, vector, q, 1) AS rank"
                f" FROM search_entry, (SELECT {query} AS q) asked WHERE vector @@ q"
            )
            params += [number, *query_params]
        kinds, kind_params = statistics().table()
        sql = (
            "SELECT entry_id, term, rank * ln(1 + COALESCE(k.documents, 1)::float8"
            " / (1 + COUNT(*) OVER (PARTITION BY term, r.kind))) AS score"
            f" FROM ({' UNION ALL '.join(parts)}) r LEFT JOIN ({kinds}) k ON k.kind = r.kind"
        )
        return sql, [*params, *kind_params]

    def _beside(self, words: str) -> tuple[str, list[Any]]:
        """Words beside each other, stemmed as each language of the index does."""
        configs = _configs()
        query = " || ".join(["phraseto_tsquery(%s::regconfig, %s)"] * len(configs))
        return f"({query})", [value for config in configs for value in (config, words)]

    def _term(self, term: Term) -> tuple[str, list[Any]]:
        query, params = self._beside(" ".join(term.parts))
        for word in term.meant:
            query = f"({query} || to_tsquery('english', %s))"
            params.append(f"{word}:A")
        return query, params

    def holding(self, phrase: str) -> tuple[str, list[Any]]:
        query, params = self._beside(phrase)
        return f"SELECT id FROM search_entry WHERE vector @@ {query}", params

    def completing(self, words: Sequence[str]) -> tuple[str, list[Any]]:
        begun = "(to_tsquery('english', %s) || to_tsquery('simple', %s))"
        query = " && ".join([begun] * len(words))
        forms = [*(f"{word}:A" for word in words[:-1]), f"{words[-1]}:*A"]
        sql = (
            f"SELECT id AS entry_id, 0 AS term, ts_rank({_WEIGHTS}, vector, q, 1) AS score"
            f" FROM search_entry, (SELECT {query} AS q) asked WHERE vector @@ q"
        )
        return sql, [form for form in forms for _ in range(2)]

    def written(self, rows: Sequence[tuple[int, Document]]) -> None:
        """Compute the vectors of the entries just written."""
        pieces = "ABBCCD"
        vector = " || ".join(f"setweight(to_tsvector(%s::regconfig, %s), '{weight}')" for weight in pieces)
        with connection.cursor() as cursor:
            for pk, doc in rows:
                config = config_of(doc.language)
                names = f"{doc.title} {doc.keywords}"
                texts = (names, " ".join(doc.tags), doc.summary, doc.body, doc.solution, doc.replies)
                params = [value for text in texts for value in (config, _words(text))]
                cursor.execute(f"UPDATE search_entry SET vector = {vector} WHERE id = %s", [*params, pk])
