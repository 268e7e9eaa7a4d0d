"""`/metrics` for Prometheus: what the processes of this machine counted, and the state that all of them share.

Answers a bearer of METRICS_TOKEN; without a token, this machine alone. Everyone else meets a 404. No value and no
label says anything of a person.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts.events.models import Heartbeat
from config.operation import machine
from config.operation.parts import OK, UNUSED, parts
from config.operation.queues import queues

_FORWARDED: Final = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


def metrics(request: HttpRequest) -> HttpResponse:
    """The text that Prometheus reads, or 404."""
    if request.method != "GET" or not _may_read(request):
        return HttpResponse("Not found\n", status=404, content_type="text/plain")
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_DIR))
    registry.register(StateCollector())
    return HttpResponse(
        generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
    )


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    # Somebody else's request comes from this machine too when a proxy here passes it on, and then it says so.
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class StateCollector(Collector):
    """What is the same whichever process is asked: parts, queues, processes, disk. Read at the moment of asking."""

    def collect(self) -> Iterable[Metric]:
        found = parts()
        up = GaugeMetricFamily("threadwell_part_up", "Whether a part answers and keeps up.", labels=["part"])
        for part in found:
            if part.status != UNUSED:
                up.add_metric([part.name], float(part.status == OK))
        yield up
        yield InfoMetricFamily("threadwell_build", "What runs.", value=machine.build())
        yield from _disk()
        if found[0].status == OK:
            try:
                yield from _queues()
                yield from _processes()
            except DatabaseError:  # it went away in between; `up` of the next scrape says so
                return


def _queues() -> Iterator[Metric]:
    waiting = GaugeMetricFamily("threadwell_queue_waiting", "How much waits.", labels=["queue"])
    age = GaugeMetricFamily("threadwell_queue_oldest_seconds", "How long the oldest waits.", labels=["queue"])
    retried = GaugeMetricFamily("threadwell_queue_retried", "Waiting after a failed try.", labels=["queue"])
    failed = GaugeMetricFamily("threadwell_queue_failed", "Given up on; waits for an operator.", labels=["queue"])
    for queue in queues():
        waiting.add_metric([queue.name], queue.waiting)
        age.add_metric([queue.name], queue.age.total_seconds())
        retried.add_metric([queue.name], queue.retried)
        failed.add_metric([queue.name], queue.failed)
    yield from (waiting, age, retried, failed)


def _processes() -> Iterator[Metric]:
    labels = ["kind", "process", "host"]
    seen = GaugeMetricFamily("threadwell_process_seen_seconds", "Since when a process was not seen.", labels=labels)
    sockets = GaugeMetricFamily("threadwell_sockets", "Open sockets of a web process.", labels=labels)
    rounds = GaugeMetricFamily("threadwell_worker_rounds", "Rounds of a worker since its start.", labels=labels)
    for beat in Heartbeat.objects.all():
        names = [beat.kind, beat.process, beat.host]
        seen.add_metric(names, max((timezone.now() - beat.seen_at).total_seconds(), 0))
        if beat.kind == Heartbeat.Kind.WEB:
            sockets.add_metric(names, beat.facts.get("sockets", 0))
        else:
            rounds.add_metric(names, beat.facts.get("rounds", 0))
    yield from (seen, sockets, rounds)


def _disk() -> Iterator[Metric]:
    free = GaugeMetricFamily("threadwell_disk_free_bytes", "Free space where DATA_DIR lies.")
    free.add_metric([], machine.disk().free)
    yield free
