"""How many documents each kind has and how long they are: what a word's rarity and a text's length are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Avg, Count

from search.models import Entry

_KEY: Final = "search:statistics"
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Statistics:
    """`kinds` maps a kind to (documents, mean length); `rows` counts tombstones too, as the full-text table does."""

    rows: int
    mean: float
    kinds: dict[str, tuple[int, float]]

    def table(self) -> tuple[str, list[Any]]:
        """The kinds as an SQL table (kind, documents, mean)."""
        rows = [(kind, count, mean) for kind, (count, mean) in self.kinds.items()] or [("", 1, 1.0)]
        sql = "SELECT %s AS kind, %s AS documents, %s AS mean"
        return " UNION ALL ".join([sql] * len(rows)), [value for row in rows for value in row]


def statistics() -> Statistics:
    """Counted at most once a minute; the order of results does not hang on the last document."""
    known = cache.get(_KEY)
    if known is None:
        rows = Entry.objects.filter(is_deleted=False).order_by().values("kind")
        rows = rows.annotate(n=Count("pk"), mean=Avg("length"))
        kinds = {row["kind"]: (row["n"], max(float(row["mean"] or 0), 1.0)) for row in rows}
        total = Entry.objects.count()
        mean = sum(count * mean for count, mean in kinds.values()) / max(total, 1)
        known = Statistics(rows=max(total, 1), mean=max(mean, 1.0), kinds=kinds)
        cache.set(_KEY, known, _SECONDS)
    return known
