"""`/readyz`: which parts answer. 503 only without the database; the rest is waited for, so it is named, not fatal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from elasticsearch import ApiError, Elasticsearch, TransportError

from accounts.events.models import Delivery
from accounts.models import OutboundEmail

logger = logging.getLogger("threadwell.health")
QUEUE_PATIENCE = timedelta(minutes=2)
OK, MISSING, LATE, UNUSED = "ok", "missing", "late", "not used"
Answer = tuple[str, str]


def readyz(request: HttpRequest) -> HttpResponse:
    """The state of every part as JSON: 200 `ok` or `degraded`, 503 `unavailable`."""
    parts = {"database": _told(_database)}
    if parts["database"]["status"] == OK:
        rest = {"redis": _redis, "elasticsearch": _elasticsearch, "worker": _worker, "mail": _mail}
        parts |= {name: _told(check) for name, check in rest.items()}
        is_well = all(part["status"] in {OK, UNUSED} for part in parts.values())
        status, code = ("ok" if is_well else "degraded"), 200
    else:
        status, code = "unavailable", 503
    return JsonResponse({"status": status, "parts": parts}, status=code, headers={"Cache-Control": "no-store"})


def _told(check: Callable[[], Answer]) -> dict[str, str]:
    """A check's answer; its failure is an answer too. Details go to the log: anyone may read this page."""
    try:
        status, detail = check()
    except (DatabaseError, redis.RedisError, ApiError, TransportError, OSError, ValueError) as error:
        logger.warning("%s: %s", check.__name__.strip("_"), error)
        status, detail = MISSING, "does not answer"
    return {"status": status, **({"detail": detail} if detail else {})}


def _database() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK, ""


def _redis() -> Answer:
    if not settings.REDIS_URL:
        return UNUSED, "live updates and the cache stay in this process"
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        client.ping()
    finally:
        client.close()
    return OK, ""


def _elasticsearch() -> Answer:
    if not settings.ELASTICSEARCH_URL:
        return UNUSED, "the database searches"
    client = Elasticsearch(settings.ELASTICSEARCH_URL, request_timeout=2, max_retries=0)
    try:
        colour = client.cluster.health()["status"]
    finally:
        client.close()
    return (OK, "") if colour in {"green", "yellow"} else (MISSING, f"the cluster is {colour}")


def _worker() -> Answer:
    late = timezone.now() - QUEUE_PATIENCE
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, attempts=0, next_attempt_at__lt=late).count()
    if waiting:
        return LATE, f"{waiting} deliveries wait longer than {QUEUE_PATIENCE.seconds} s; is the worker running?"
    parked = Delivery.objects.filter(state=Delivery.State.PARKED).count()
    return (LATE, f"{parked} deliveries are parked; see events_replay") if parked else (OK, "")


def _mail() -> Answer:
    if not settings.EMAIL_HOST:
        return UNUSED, "mails are kept here"
    waiting = OutboundEmail.objects.filter(state=OutboundEmail.State.WAITING)
    failing = waiting.filter(attempts__gt=0).exclude(last_error="").count()
    if failing:
        return MISSING, f"the mail server refuses or does not answer; {failing} mails wait"
    late = waiting.filter(next_attempt_at__lt=timezone.now() - QUEUE_PATIENCE).count()
    return (LATE, f"{late} mails wait longer than {QUEUE_PATIENCE.seconds} s") if late else (OK, "")
