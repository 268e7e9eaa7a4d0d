"""How many documents of each kind the database holds and each search engine has; asked at most once a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Sum
from django.utils import timezone
from elasticsearch import ApiError, TransportError

from search.engines.connection import connect
from search.models import DirtyMark, Entry, SearchLog
from search.outbox import DATABASE, ELASTICSEARCH, engine_names
from search.sources import sources

_KEY: Final = "operation:indexes"
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind: `engines` has a number an engine, None where it does not answer; `differs` names those that differ."""

    label: str
    wanted: int
    engines: tuple[int | None, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """`refused` counts the hits of the last day's `searches` that an index offered and the database did not show."""

    engines: tuple[str, ...]
    kinds: tuple[KindCount, ...]
    at: datetime
    searches: int = 0
    refused: int = 0

    @property
    def differing(self) -> list[str]:
        """The engines in which a kind differs although nothing waits to be written to them."""
        return sorted({name for kind in self.kinds for name in kind.differs})


def counts() -> Counts:
    """The numbers of the last minute."""
    found = cache.get(_KEY)
    if found is None:
        found = _counted()
        cache.set(_KEY, found, _SECONDS)
    return found


def _counted() -> Counts:
    names = tuple(engine_names())
    busy = set(DirtyMark.objects.values_list("engine", flat=True).distinct())
    held = {name: {DATABASE: _in_database, ELASTICSEARCH: _in_elasticsearch}[name]() for name in names}
    kinds = []
    for source in sources():
        wanted = source.ids().count()
        has = tuple(None if held[name] is None else held[name].get(source.kind, 0) for name in names)  # type: ignore[union-attr]
        differs = tuple(
            name for name, number in zip(names, has, strict=True) if name not in busy and number not in {None, wanted}
        )
        kinds.append(KindCount(str(source.label_plural), wanted, has, differs))
    log = SearchLog.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))
    told = log.aggregate(n=Count("pk"), refused=Sum("rejected"))
    return Counts(names, tuple(kinds), timezone.now(), told["n"], told["refused"] or 0)


def _in_database() -> dict[str, int] | None:
    rows = Entry.objects.filter(is_deleted=False).order_by().values_list("kind")
    return dict(rows.annotate(n=Count("pk")))


def _in_elasticsearch() -> dict[str, int] | None:
    """By the alias that answers searches; a kind whose index is not there has none."""
    kinds = [source.kind for source in sources()]
    asked: list[dict] = []
    for kind in kinds:
        asked += [
            {"index": f"{settings.SEARCH_INDEX_PREFIX}-{kind}", "ignore_unavailable": True},
            {"size": 0, "track_total_hits": True},
        ]
    client = connect()
    try:
        answers = client.msearch(searches=asked)["responses"]
    except (ApiError, TransportError):
        return None
    finally:
        client.close()
    return {kind: _total(answer) for kind, answer in zip(kinds, answers, strict=True)}


def _total(answer: dict) -> int:
    return int(answer["hits"]["total"]["value"]) if "hits" in answer else 0
