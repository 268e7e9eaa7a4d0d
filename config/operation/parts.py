"""The parts that the product stands on: whether each answers, and in which version."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from elasticsearch import ApiError, TransportError

from accounts.events import pulse
from accounts.events.models import Delivery
from accounts.models import OutboundEmail
from config.operation import elastic
from config.operation.thresholds import WAITING

logger = logging.getLogger("threadwell.health")
OK, MISSING, LATE, UNUSED = "ok", "missing", "late", "not used"
Answer = tuple[str, str, str]  # status, what to know, version


@dataclass(frozen=True, slots=True)
class Part:
    """`detail` may be read by anyone; `version` is for the operator's page alone. `took_ms` is how long it took."""

    name: str
    label: str | Promise
    status: str
    detail: str = ""
    version: str = ""
    took_ms: float = 0.0

    @property
    def is_well(self) -> bool:
        return self.status in {OK, UNUSED}


def parts() -> list[Part]:
    """Every part; without the database nothing else is asked."""
    database = _told("database", _("Database"), _database)
    if database.status != OK:
        return [database]
    rest = (
        ("redis", _("Redis"), _redis), ("elasticsearch", _("Elasticsearch"), _elasticsearch),
        ("worker", _("Worker"), _worker), ("mail", _("Mail"), _mail),
    )  # fmt: skip
    return [database, *(_told(name, label, check) for name, label, check in rest)]


def _told(name: str, label: str | Promise, check: Callable[[], Answer]) -> Part:
    """A check's answer; its failure is an answer too, with the details in the log."""
    began = time.perf_counter()
    try:
        status, detail, version = check()
    except (DatabaseError, redis.RedisError, ApiError, TransportError, OSError, ValueError) as error:
        logger.warning("%s: %s", name, error)
        status, detail, version = MISSING, "does not answer", ""
    return Part(name, label, status, detail, version, (time.perf_counter() - began) * 1000)


def _database() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if connection.vendor != "postgresql":
            return OK, "", "SQLite " + ".".join(map(str, connection.Database.sqlite_version_info))
        cursor.execute("SHOW server_version")
        return OK, "", f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def _redis() -> Answer:
    if not settings.REDIS_URL:
        return UNUSED, "live updates and the cache stay in this process", ""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        return OK, "", f"Redis {client.info('server')['redis_version']}"
    finally:
        client.close()


def _elasticsearch() -> Answer:
    if not settings.ELASTICSEARCH_URL:
        return UNUSED, "the database searches", ""
    trouble, stops, version = elastic.look()
    return (MISSING if stops else LATE if trouble else OK), trouble, version


def _worker() -> Answer:
    if settings.HEARTBEAT_SECONDS and not pulse.is_worker_alive():
        return MISSING, f"no worker seen for {pulse.SILENT_AFTER.seconds} s", ""
    late = timezone.now() - WAITING
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, attempts=0, next_attempt_at__lt=late).count()
    if waiting:
        return LATE, f"{waiting} deliveries wait longer than {WAITING.seconds} s; is the worker running?", ""
    parked = Delivery.objects.filter(state=Delivery.State.PARKED).count()
    return (LATE, f"{parked} deliveries are parked; see events_replay", "") if parked else (OK, "", "")


def _mail() -> Answer:
    if not settings.EMAIL_HOST:
        return UNUSED, "mails are kept here", ""
    waiting = OutboundEmail.objects.filter(state=OutboundEmail.State.WAITING)
    failing = waiting.filter(attempts__gt=0).exclude(last_error="").count()
    if failing:
        return MISSING, f"the mail server refuses or does not answer; {failing} mails wait", ""
    late = waiting.filter(next_attempt_at__lt=timezone.now() - WAITING).count()
    return (LATE, f"{late} mails wait longer than {WAITING.seconds} s", "") if late else (OK, "", "")

