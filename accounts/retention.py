"""What is kept for a time only: by class, each with a setting, and what a dry run counts is what a run deletes.

Texts that people write are not among these: they have owners, and their rooms say when they go (drafts, files, deleted
posts). Here are the traces that operation leaves: mails that went out, errands that were done, sessions that are over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise

from accounts.events import services as events

logger = logging.getLogger("threadwell.retention")
AT_ONCE: Final = 2_000  # rows in a transaction: SQLite's one writer is not kept from others
MOST_TURNS: Final = 50  # of one class in one run; the next run, an hour later, goes on
Rows = Callable[[datetime], "models.QuerySet"]


@dataclass(frozen=True, slots=True)
class KeptClass:
    """One class of rows: `rows(before)` are those over at that moment. `name` is its key in `settings.KEPT_DAYS`."""

    name: str
    label: str | Promise
    rows: Rows

    @property
    def days(self) -> int:
        """How many days it is kept; 0 keeps it for ever."""
        return settings.KEPT_DAYS[self.name]

    def over(self, now: datetime) -> models.QuerySet:
        """What is to go. Nothing where it is kept for ever."""
        if not self.days:
            return self.rows(now).none()
        return self.rows(now - timedelta(days=self.days))


_classes: dict[str, KeptClass] = {}


def register_kept(name: str, *, label: str | Promise, rows: Rows) -> None:
    """Add a class of rows that are kept for `settings.KEPT_DAYS[name]` days."""
    _classes[name] = KeptClass(name, label, rows)


def kept_classes() -> list[KeptClass]:
    """All classes, in the order of their names."""
    return [_classes[name] for name in sorted(_classes)]


def retention_due(*, now: datetime | None = None) -> dict[str, int]:
    """How many rows of each class a run at this moment would delete, given the time to finish."""
    now = now or timezone.now()
    return {kept.name: kept.over(now).count() for kept in kept_classes()}


def retention_apply(*, now: datetime | None = None, most_turns: int | None = MOST_TURNS) -> dict[str, int]:
    """Delete what is over; returns how many of each class.

    The event `retention.applied` says how many of what were deleted, in the transaction that deletes them; it holds no
    word of the rows. May run anywhere at any time; `most_turns=None` goes on to the end.
    """
    now = now or timezone.now()
    return {kept.name: _let_go(kept, now, most_turns) for kept in kept_classes()}


def _let_go(kept: KeptClass, now: datetime, most_turns: int | None) -> int:
    total, turns = 0, 0
    while most_turns is None or turns < most_turns:
        turns += 1
        done, is_last = _let_some_go(kept, now)
        total += done
        if is_last:
            break
    if total:
        logger.info("Kept no longer than %s days: %s of %s deleted.", kept.days, total, kept.name)
    return total


@transaction.atomic
def _let_some_go(kept: KeptClass, now: datetime) -> tuple[int, bool]:
    """Delete up to `AT_ONCE` rows; returns how many, and whether that was all."""
    found = list(kept.over(now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not found:
        return 0, True
    # Asked once more: what somebody else changed meanwhile (a mail that is to be sent again) is over no longer.
    _all, by_model = kept.over(now).filter(pk__in=found).delete()
    done = by_model.get(kept.over(now).model._meta.label, 0)
    if done:
        events.record("retention.applied", data={"class": kept.name, "rows": done, "days": kept.days}, at=now)
    return done, len(found) < AT_ONCE
