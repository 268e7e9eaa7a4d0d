"""What people look for and what they open: a row a search, kept to a bound, never in the logs of the process."""

from __future__ import annotations

from datetime import timedelta
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


def normalised(text: str) -> str:
    """Lower case, one space between words: how equal searches are counted as one."""
    return " ".join(analysis.fold(text).split())[:256]


def record(viewer: Viewer, query: SearchQuery, results: Results) -> SearchLog:
    """Log one answered search."""
    filters = {name: list(query.chosen(name)) for name in FACETS if query.chosen(name)}
    return SearchLog.objects.create(
        text=normalised(query.text), user_id=viewer.user_id, filters=filters, page=query.page, count=results.total,
        engine=results.engine, is_degraded=results.degraded, took_ms=results.took_ms, rejected=results.rejected,
        created_at=timezone.now(),
    )


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
