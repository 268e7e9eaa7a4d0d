"""Delivering: claim what is due, run each handler in a transaction of its own, retry later, park in the end.

What has failed before is claimed alone, so that an errand that takes its worker down takes no other errand with it; one
that never comes to an end is stopped.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import F, QuerySet, prefetch_related_objects
from django.utils import timezone

from accounts.events.models import Delivery
from accounts.events.overdue import Overdue, time_limit
from accounts.events.registry import handler_named
from accounts.events.trace import traced

logger = logging.getLogger("threadwell.events")
BATCH = 50
LEASE = timedelta(seconds=60)
HANDLER_SECONDS = 30.0  # below the lease: nobody else may begin an errand that still runs
TURN_SECONDS = 2.0  # after which the worker's other errands have their turn: what was posted is to be found soon
ATTEMPTS = 8


def retry_delay(attempts: int) -> timedelta:
    """2, 4, 8 … seconds, at most 15 minutes: about half an hour over all attempts."""
    return timedelta(seconds=min(2**attempts, 900))


def deliver_due(*, limit: int = BATCH) -> int:
    """Deliver up to `limit` due errands; returns how many were tried. Any number of workers may call it at once."""
    if not _due().exists():  # looking takes no write lock, which on SQLite all writers share
        return 0
    claimed = _claim(limit)
    prefetch_related_objects(claimed, "event")
    until = time.monotonic() + TURN_SECONDS
    for place, delivery in enumerate(claimed):
        if time.monotonic() > until:  # nor would the lease last: the slow ones must not double the others
            _give_back(claimed[place:])
            return place
        with traced(delivery.event.request_id):
            _deliver(delivery)
    return len(claimed)


def _due() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=timezone.now())


@transaction.atomic
def _claim(limit: int) -> list[Delivery]:
    """Take a lease: a worker that dies leaves its errands to others once the lease is over."""
    due = _due()
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    rows = list(due.order_by("next_attempt_at", "id")[:limit])
    claimed = rows[:1] if rows and rows[0].attempts else list(takewhile(lambda row: not row.attempts, rows))
    until = timezone.now() + LEASE
    for delivery in claimed:
        delivery.attempts += 1
        delivery.next_attempt_at = until
    Delivery.objects.bulk_update(claimed, ["attempts", "next_attempt_at"])
    return claimed


def _give_back(deliveries: list[Delivery]) -> None:
    """What was claimed and not begun is due again at once, as if it had never been claimed."""
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries], state=Delivery.State.WAITING).update(
        attempts=F("attempts") - 1, next_attempt_at=timezone.now()
    )


def _deliver(delivery: Delivery) -> None:
    handler = handler_named(delivery.subscriber)
    try:
        if delivery.attempts > ATTEMPTS:
            raise RuntimeError("The worker ended each time that it tried this.")
        with transaction.atomic():
            # The effect and the tick commit together: a crash in between undoes both and the errand runs again.
            done = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING).update(
                state=Delivery.State.DONE, done_at=timezone.now(), last_error=""
            )
            if not done:
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
