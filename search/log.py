"""What people look for and what they open: a row a search, kept to a bound, never in the logs of the process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.utils import timezone

from accounts.viewer import Viewer
from search import analysis
from search.models import SearchLog
from search.query import FACETS, SearchQuery
from search.results import Results

MOST_ROWS: Final = 1_000_000
MOST_DAYS: Final = 365
_SALT: Final = "search.click"


@dataclass(frozen=True, slots=True)
class Opened:
    """The first thing that was opened from a search: its place among the results counts from 1, a pinned one is 0."""

    kind: str
    object_id: int
    rank: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LoggedSearch:
    """A search of another time or place; `took_ms` in milliseconds."""

    text: str
    at: datetime
    count: int
    took_ms: int = 0
    user_id: int | None = None
    opened: Opened | None = None


def normalised(text: str) -> str:
    """Lower case, one space between words: how equal searches are counted as one."""
    return " ".join(analysis.fold(text).split())


def record(viewer: Viewer, query: SearchQuery, results: Results) -> SearchLog:
    """Log one answered search."""
    filters = {name: list(query.chosen(name)) for name in FACETS if query.chosen(name)}
    return SearchLog.objects.create(
        text=normalised(query.text), user_id=viewer.user_id, filters=filters, page=query.page, count=results.total,
        engine=results.engine, is_degraded=results.degraded, took_ms=results.took_ms, rejected=results.rejected,
        created_at=timezone.now(),
    )


def searches_import(searches: Iterable[LoggedSearch]) -> int:
    """Log searches that were answered elsewhere or earlier, in the order given; returns how many."""
    rows = [
        SearchLog(
            text=normalised(search.text), user_id=search.user_id, count=search.count, engine="imported",
            took_ms=search.took_ms, created_at=search.at,
            clicked_kind=search.opened.kind if search.opened else "",
            clicked_id=search.opened.object_id if search.opened else None,
            clicked_rank=search.opened.rank if search.opened else None,
            clicked_at=search.opened.at if search.opened else None,
        )
        for search in searches
    ]
    return len(SearchLog.objects.bulk_create(rows, batch_size=1_000))


def click_token(row: SearchLog) -> str:
    """What the page sends back when a hit is opened; signed, so that nobody writes on another's row."""
    return signing.dumps(row.pk, salt=_SALT, compress=False)


def clicked(token: str, *, kind: str, object_id: int, rank: int) -> bool:
    """Note the first hit that was opened from a search; False for a token that is not ours or is over a day old."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=86_400)
    except signing.BadSignature:
        return False
    return bool(
        SearchLog.objects.filter(pk=pk, clicked_at=None).update(
            clicked_kind=kind[:20], clicked_id=object_id, clicked_rank=min(rank, 1_000), clicked_at=timezone.now()
        )
    )


def recent(viewer: Viewer, *, most: int = 6) -> list[str]:
    """What this person looked for last, newest first, each text once; nothing for the anonymous."""
    if not viewer.reads_own:
        return []
    rows = SearchLog.objects.filter(user_id=viewer.user_id, page=1).exclude(text="").order_by("-pk")
    return list(dict.fromkeys(rows.values_list("text", flat=True)[: most * 8]))[:most]


def forget(viewer: Viewer) -> int:
    """Take the person's name off their searches; the numbers stay. Returns how many rows it was on."""
    if not viewer.reads_own:
        return 0
    return SearchLog.objects.filter(user_id=viewer.user_id).update(user=None)


def trim() -> int:
    """Drop what is over a year old and all but the newest million; returns how many rows went."""
    gone = SearchLog.objects.filter(created_at__lt=timezone.now() - timedelta(days=MOST_DAYS)).delete()[0]
    last = SearchLog.objects.order_by("-pk").values_list("pk", flat=True)[MOST_ROWS : MOST_ROWS + 1].first()
    if last is not None:
        gone += SearchLog.objects.filter(pk__lte=last).delete()[0]
    return gone
