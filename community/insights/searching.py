"""How well search serves people: volume, clicks, ranks, what was looked for in vain.

Of the log of searches, first pages with words only: turning a page is no new search. *Unsuccessful* is a search with
no result or no opened hit; the *lost demand* of a text is how many of its searches were that. As the common search
products define them: no-result rate, click-through rate, average click rank. A pinned result that was opened counts as
opened and has no rank.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg, Count, F, Q, QuerySet

from community.insights.period import Period
from search.models import SearchLog

MOST_LINES = 25
ORDERS = {"lost": "-lost", "frequent": "-searches"}


@dataclass(frozen=True, slots=True)
class TextLine:
    """One searched text. `click_rank` is the mean place of the first opened hit, from 1; None where none was."""

    text: str
    searches: int
    empty: int
    opened: int
    lost: int
    people: int
    click_rank: float | None

    @property
    def click_share(self) -> float:
        return 100 * self.opened / self.searches


@dataclass(frozen=True, slots=True)
class SearchReport:
    """The whole page. Shares are percent, None where nothing was searched."""

    period: Period
    searches: int
    searches_before: int
    empty: int
    opened: int
    pinned_opened: int
    click_rank: float | None
    degraded: int
    median_ms: int | None
    signed_in: int
    unsuccessful_people: int
    lines: list[TextLine]
    order: str

    def _share(self, part: int, of: int) -> float | None:
        return 100 * part / of if of else None

    @property
    def click_share(self) -> float | None:
        return self._share(self.opened, self.searches)

    @property
    def empty_share(self) -> float | None:
        return self._share(self.empty, self.searches)

    @property
    def unsuccessful_share(self) -> float | None:
        return self._share(self.searches - self.opened, self.searches)

    @property
    def unsuccessful_people_share(self) -> float | None:
        return self._share(self.unsuccessful_people, self.signed_in)


def search_report(period: Period, *, order: str = "lost") -> SearchReport:
    """The numbers of a period; six queries however many searches there were."""
    order = order if order in ORDERS else "lost"
    rows = _first_pages().filter(created_at__gte=period.start, created_at__lt=period.end)
    before = _first_pages().filter(created_at__gte=period.before, created_at__lt=period.start)
    opened = Q(clicked_at__isnull=False)
    sums = rows.aggregate(
        searches=Count("pk"), empty=Count("pk", filter=Q(count=0)), opened=Count("pk", filter=opened),
        pinned_opened=Count("pk", filter=opened & Q(clicked_rank=0)), degraded=Count("pk", filter=Q(is_degraded=True)),
        click_rank=Avg("clicked_rank", filter=Q(clicked_rank__gt=0)),
        signed_in=Count("user", distinct=True), content=Count("user", distinct=True, filter=opened),
    )
    content = sums.pop("content")
    return SearchReport(
        period=period, searches_before=before.count(), median_ms=_median_ms(rows, sums["searches"]),
        unsuccessful_people=sums["signed_in"] - content, lines=_lines(rows, order), order=order, **sums,
    )


def _first_pages() -> QuerySet[SearchLog]:
    return SearchLog.objects.filter(page=1).exclude(text="").order_by()


def _median_ms(rows: QuerySet[SearchLog], count: int) -> int | None:
    """The middle of how long answering took; of an even number the lower of the two."""
    if not count:
        return None
    return rows.order_by("took_ms").values_list("took_ms", flat=True)[(count - 1) // 2]


def _lines(rows: QuerySet[SearchLog], order: str) -> list[TextLine]:
    found = rows.values("text").annotate(
        searches=Count("pk"), empty=Count("pk", filter=Q(count=0)),
        opened=Count("pk", filter=Q(clicked_at__isnull=False)), people=Count("user", distinct=True),
        click_rank=Avg("clicked_rank", filter=Q(clicked_rank__gt=0)),
    )
    found = found.annotate(lost=F("searches") - F("opened"))
    if order == "lost":
        found = found.filter(lost__gt=0)
    return [TextLine(**row) for row in found.order_by(ORDERS[order], "-searches", "text")[:MOST_LINES]]
