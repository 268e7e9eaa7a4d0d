"""Delivering: claim what is due, run each handler in a transaction of its own, retry later, park in the end.

What has failed before is claimed alone, so that an errand that takes its worker down takes no other errand with it; one
that never comes to an end is stopped. A subscriber that takes many gets what is due for it together, in one
transaction, and one by one where that fails: behind a backlog nobody's bell waits for fifty others before it. Nor for
what one person did ten thousand times: where most of what is due is of a few people, what others did goes first.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.events.models import Delivery
from accounts.events.overdue import Overdue, time_limit
from accounts.events.registry import handler_named, many_named
from accounts.events.trace import traced

logger = logging.getLogger("threadwell.events")
BATCH = 50
LEASE = timedelta(seconds=60)
HANDLER_SECONDS = 30.0  # below the lease: nobody else may begin an errand that still runs
TURN_SECONDS = 2.0  # after which the worker's other errands have their turn: what was posted is to be found soon
ATTEMPTS = 8
MUCH = 10  # errands of one person among those that are claimed at once, after which others go first


def retry_delay(attempts: int) -> timedelta:
    """2, 4, 8 … seconds, at most 15 minutes: about half an hour over all attempts."""
    return timedelta(seconds=min(2**attempts, 900))


def done_before(moment: datetime) -> QuerySet[Delivery]:
    """Errands that were done before that moment; what waits or was parked stays, and so do the events themselves."""
    return Delivery.objects.filter(state=Delivery.State.DONE, done_at__lt=moment)


def deliver_due(*, limit: int = BATCH) -> int:
    """Deliver up to `limit` due errands; returns how many were tried. Any number of workers may call it at once."""
    if not _due().exists():  # looking takes no write lock, which on SQLite all writers share
        return 0
    claimed = _claim(limit)
    until = time.monotonic() + TURN_SECONDS
    place = alone = 0  # before `alone` each goes by itself, because together they failed
    while place < len(claimed):
        if time.monotonic() > until:  # nor would the lease last: the slow ones must not double the others
            _give_back(claimed[place:])
            return place
        together = claimed[place : place + 1] if place < alone else _together(claimed[place:])
        if len(together) == 1:
            with traced(together[0].event.request_id):
                _deliver(together[0])
        elif not _deliver_together(together):
            alone = place + len(together)
            continue
        place += len(together)
    return place


def _together(deliveries: list[Delivery]) -> list[Delivery]:
    """The first, and those right after it for the same subscriber where that one takes many: the order stays."""
    first = deliveries[0]
    if many_named(first.subscriber) is None:
        return [first]
    return list(takewhile(lambda delivery: delivery.subscriber == first.subscriber, deliveries))


def _due() -> QuerySet[Delivery]:
    """What was never tried is due whatever the clock says: it may have been turned, or be another host's."""
    is_due = Q(attempts=0) | Q(next_attempt_at__lte=timezone.now())
    return Delivery.objects.filter(is_due, state=Delivery.State.WAITING).order_by("next_attempt_at", "id")


@transaction.atomic
def _claim(limit: int) -> list[Delivery]:
    """Take a lease: a worker that dies leaves its errands to others once the lease is over."""
    due = _due()
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    claimed = _chosen(due.select_related("event"), limit)
    for delivery in claimed:
        delivery.attempts += 1
    of_them = Delivery.objects.filter(pk__in=[delivery.pk for delivery in claimed])
    of_them.update(attempts=F("attempts") + 1, next_attempt_at=timezone.now() + LEASE)
    return claimed


def _chosen(due: QuerySet[Delivery], limit: int) -> list[Delivery]:
    """Those due first, at most one that has failed before, and that last; before them what was done by others than
    those who fill the queue."""
    rows = list(due[:limit])
    done_by = Counter(row.event.actor_id for row in rows)
    busy = [actor for actor, count in done_by.items() if count > MUCH] if len(rows) == limit else []
    if not busy:
        return _with_one_risk(rows)
    is_busy = Q(event__actor_id__in=[actor for actor in busy if actor is not None])
    is_busy = is_busy | Q(event__actor_id=None) if None in busy else is_busy
    others = _with_one_risk(list(due.exclude(is_busy)[: limit // 2]))
    if others and others[-1].attempts:
        return others
    known = {row.pk for row in others}
    return [*others, *_with_one_risk([row for row in rows if row.pk not in known])]


def _with_one_risk(rows: list[Delivery]) -> list[Delivery]:
    """The first if it has failed before, otherwise those before the first that has."""
    return rows[:1] if rows and rows[0].attempts else list(takewhile(lambda row: not row.attempts, rows))


def _give_back(deliveries: list[Delivery]) -> None:
    """What was claimed and not begun is due again, as if it had never been claimed: in its place, too."""
    for delivery in deliveries:
        delivery.attempts -= 1
    Delivery.objects.bulk_update(deliveries, ["attempts", "next_attempt_at"])


def _deliver_together(deliveries: list[Delivery]) -> bool:
    """All of one subscriber at once; False where nothing came of it and each is to be tried by itself."""
    many = many_named(deliveries[0].subscriber)
    assert many  # noqa: S101 (asked for above)
    try:
        with transaction.atomic():
            if _ticked([delivery.pk for delivery in deliveries]) != len(deliveries):
                raise RuntimeError("Somebody else has delivered some of these.")
            with time_limit(HANDLER_SECONDS):
                many([delivery.event for delivery in deliveries])
    except (Exception, Overdue) as error:  # whichever it was is found, kept and shown when each goes by itself
        logger.warning("%s deliveries to %s together failed: %r", len(deliveries), deliveries[0].subscriber, error)
        return False
    return True


def _ticked(ids: list[int]) -> int:
    """Say in the running transaction that these are done; how many still waited for it."""
    waiting = Delivery.objects.filter(pk__in=ids, state=Delivery.State.WAITING)
    return waiting.update(state=Delivery.State.DONE, done_at=timezone.now(), last_error="")


def _deliver(delivery: Delivery) -> None:
    handler = handler_named(delivery.subscriber)
    try:
        if delivery.attempts > ATTEMPTS:
            raise RuntimeError("The worker ended each time that it tried this.")
        with transaction.atomic():
            # The effect and the tick commit together: a crash in between undoes both and the errand runs again.
            if not _ticked([delivery.pk]):
                return
            if handler is None:
                raise LookupError(f"No room registers {delivery.subscriber!r}.")
            with time_limit(HANDLER_SECONDS):
                handler(delivery.event)
    except (Exception, Overdue) as error:  # one subscriber's errand must not stop the others; it is kept and shown
        _put_off(delivery, error)


def _put_off(delivery: Delivery, error: BaseException) -> None:
    parked = delivery.attempts >= ATTEMPTS
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.PARKED if parked else Delivery.State.WAITING,
        next_attempt_at=timezone.now() + retry_delay(delivery.attempts),
        last_error=f"{type(error).__name__}: {error}"[:500],
    )
    log = logger.error if parked else logger.warning
    log("Delivery %s to %s failed (attempt %s): %r", delivery.pk, delivery.subscriber, delivery.attempts, error)
