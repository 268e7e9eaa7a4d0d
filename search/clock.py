"""Versions of index writes. They are drawn before the rows are read, so the later reader always writes the higher."""

from __future__ import annotations

import time

from django.db import transaction

from search.models import IndexClock


@transaction.atomic
def tick() -> int:
    """The next version. It follows the time of day, so that it also grows past indexes that outlived the database."""
    row, _created = IndexClock.objects.select_for_update().get_or_create(pk=1)
    row.value = max(row.value + 1, time.time_ns() // 1000)
    row.save(update_fields=["value"])
    return row.value
