"""Searches like this: what others looked for who opened what this page shows. No word of a hidden text gets out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import Count, QuerySet
from django.db.models.functions import Now

from accounts.prepared import asked, numbered
from accounts.viewer import ANONYMOUS, Viewer
from search import analysis, log
from search.models import SearchLog
from search.query import PAGE_SIZE
from search.results import Result, Results

MOST: Final = 4
FEWEST: Final = 2  # times that a text was searched for: what one person typed once is theirs
FIRST: Final = 3  # what led to one of the first hits is like this search whatever its words
DAYS: Final = 180
_READ: Final = 200
_OPERATOR: Final = re.compile(r"[:\"]|(?:^|\s)-")


def alike(results: Results) -> list[str]:
    """Texts of earlier searches from which something on this page was opened, the most usual first.

    A text is told only where each of its words stands in what was opened: all of that is shown to this viewer anyway,
    so whoever searched, and whatever else they may see, no word gets out. What led to a later hit has to share a word
    with this search, or it is about something else. Nothing beyond the first page.
    """
    if results.query.page > 1 or not results.query.has_words or not results.items:
        return []
    shown: dict[tuple[str, int | None], Result] = {(item.card.kind, item.card.id): item for item in results.items}
    own = log.normalised(results.query.text)
    stems = _stems(own)
    often: Counter[str] = Counter()
    for text, kind, pk, count in _opened(shown):
        item = shown.get((kind, pk))
        if item is None or text == own or not (item.rank <= FIRST or stems & _stems(text)):
            continue
        if _is_said(text, item):
            often[text] += count
    return [text for text, count in often.most_common() if count >= FEWEST][:MOST]


def _opened(keys: Iterable[tuple[str, int | None]]) -> Iterable[tuple[str, str, int, int]]:
    """Text, kind, id and how often; ids of other kinds may be among them."""
    ids = numbered("id", [pk for _kind, pk in keys if pk is not None], PAGE_SIZE)
    return asked("search.alike", _opened_rows, ANONYMOUS, **ids)


def _opened_rows(viewer: Viewer, **ids: int) -> QuerySet:
    rows = SearchLog.objects.filter(clicked_id__in=list(ids.values()), created_at__gte=Now() - timedelta(days=DAYS))
    counted = rows.order_by().values("text", "clicked_kind", "clicked_id").annotate(count=Count("pk"))
    return counted.order_by("-count", "text").values_list("text", "clicked_kind", "clicked_id", "count")[:_READ]


def _stems(text: str) -> set[str]:
    return {analysis.stem(word) for word in _words(text)}


def _words(text: str) -> list[str]:
    return [word for word in analysis.plain_words(text) if word not in analysis.STOP_WORDS]


def _is_said(text: str, item: Result) -> bool:
    """Whether the thing says each word of the text, in whatever form."""
    words = _words(text)
    if not words or _OPERATOR.search(text):
        return False
    said = analysis.fold("\n".join((item.card.title, *item.texts)))
    return all(re.search(rf"\b{analysis.stem(word).removesuffix('i')}", said) for word in words)
