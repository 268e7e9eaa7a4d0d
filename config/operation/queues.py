"""What waits in tables: how much, since when, and what was given up on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.events.models import Delivery
from accounts.models import OutboundEmail
from search.models import DirtyMark, EngineHold
from search.outbox import engine_names


@dataclass(frozen=True, slots=True)
class Queue:
    """`oldest` is since when the longest waiting waits; `failed` were given up on; `trouble` is the last reason."""

    name: str
    label: str | Promise
    waiting: int
    oldest: datetime | None
    failed: int
    retried: int = 0
    trouble: str = ""

    @property
    def age(self) -> timedelta:
        return max(timezone.now() - self.oldest, timedelta(0)) if self.oldest else timedelta(0)


@dataclass(frozen=True, slots=True)
class Parked:
    """What one subscriber could not do, with the last reasons."""

    subscriber: str
    count: int
    since: datetime
    reasons: tuple[str, ...]


def queues() -> list[Queue]:
    """Every queue of the product, in six to eight statements."""
    return [deliveries(), mails(), *indexing(), tasks()]


def deliveries() -> Queue:
    """Errands of subscribers; each waits since its event."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    found = waiting.aggregate(n=Count("pk"), oldest=Min("event__created_at"), retried=_count(attempts__gt=1))
    parked = Delivery.objects.filter(state=Delivery.State.PARKED).count()
    return Queue("deliveries", _("Deliveries"), found["n"], found["oldest"], parked, found["retried"])


def mails() -> Queue:
    """Mails to the mail server; `trouble` is what it said last."""
    waiting = OutboundEmail.objects.filter(state=OutboundEmail.State.WAITING)
    refused = waiting.exclude(last_error="")
    found = waiting.aggregate(n=Count("pk"), oldest=Min("created_at"), retried=_count(~Q(last_error="")))
    last = refused.order_by("-next_attempt_at").values_list("last_error", flat=True).first() or ""
    failed = OutboundEmail.objects.filter(state=OutboundEmail.State.FAILED).count()
    return Queue("mails", _("Mails"), found["n"], found["oldest"], failed, found["retried"], last)


def indexing() -> Iterator[Queue]:
    """Documents that an engine has not got yet; how old the oldest mark is, is how far its index is behind."""
    marks = DirtyMark.objects.order_by().values("engine").annotate(
        n=_count(state=DirtyMark.State.WAITING),
        oldest=Min("marked_at", filter=Q(state=DirtyMark.State.WAITING)),
        parked=_count(state=DirtyMark.State.PARKED),
    )  # fmt: skip
    found = {row["engine"]: row for row in marks}
    holds = dict(EngineHold.objects.values_list("engine", "last_error"))
    labels = {"database": _("Index in the database"), "elasticsearch": _("Index in Elasticsearch")}
    for name in engine_names():
        row = found.get(name, {"n": 0, "oldest": None, "parked": 0})
        yield Queue(
            f"index-{name}", labels.get(name, name), row["n"], row["oldest"], row["parked"], 0, holds.get(name, "")
        )


def tasks() -> Queue:
    """Wagtail's background work."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    found = ready.aggregate(n=Count("pk"), oldest=Min("enqueued_at"))
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count()
    return Queue("tasks", _("Background tasks"), found["n"], found["oldest"], failed)


def parked(*, most_reasons: int = 3) -> list[Parked]:
    """Deliveries that were given up on, by subscriber, those with most first."""
    rows = Delivery.objects.filter(state=Delivery.State.PARKED)
    groups = rows.order_by().values("subscriber").annotate(n=Count("pk"), since=Min("event__created_at"))
    return [
        Parked(group["subscriber"], group["n"], group["since"], _reasons(rows, group["subscriber"], most_reasons))
        for group in groups.order_by("-n", "subscriber")[:20]
    ]


def _reasons(rows: QuerySet[Delivery], subscriber: str, most: int) -> tuple[str, ...]:
    latest = rows.filter(subscriber=subscriber).order_by("-pk").values_list("last_error", flat=True)[:50]
    return tuple(dict.fromkeys(reason for reason in latest if reason))[:most]


def _count(*conditions: Q, **fields: object) -> Count:
    return Count("pk", filter=Q(*conditions, **fields))
