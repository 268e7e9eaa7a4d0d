"""What a person looked for and keeps looking for, in the copy of their data."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_left_out, register_part
from search.models import SavedSearch, SearchLog


def register_all() -> None:
    register_part(
        "saved-searches", label=_("Saved searches"), place=60, show=saved, columns=[("search.SavedSearch", "user")],
        rows=lambda taker: SavedSearch.objects.filter(user=taker.user).defer("known"),
    )  # fmt: skip
    register_part(
        "searches", label=_("What you looked for"), place=81, show=searches, columns=[("search.SearchLog", "user")],
        rows=lambda taker: SearchLog.objects.filter(user=taker.user),
    )  # fmt: skip
    for label, name in {
        "Pin": "pinned_by", "Synonyms": "changed_by", "RelevanceVersion": "saved_by", "RelevanceTrial": "asked_by",
    }.items():  # fmt: skip
        register_left_out(f"search.{label}", [name], "how staff set up the search for everybody")


def saved(taker: Taker, rows: Sequence[SavedSearch]) -> list[Row]:
    return [
        {
            "title": row.name, "address": settings.SITE_URL + row.get_absolute_url(), "is_telling": row.is_telling,
            "since": row.created_at,
        }
        for row in rows
    ]  # fmt: skip


def searches(taker: Taker, rows: Sequence[SearchLog]) -> list[Row]:
    """Their words, how many hits came, and which they opened, by its kind and number."""
    return [
        {
            "title": row.text, "at": row.created_at, "filters": row.filters, "found": row.count,
            "opened": f"{row.clicked_kind} {row.clicked_id}" if row.clicked_id else None,
        }
        for row in rows
    ]  # fmt: skip
