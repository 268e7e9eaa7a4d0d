"""Addresses for `test_handler.py`: what a view can do to the handler."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from django.core.cache import cache, caches
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import translation

from accounts.models import Organisation

calls: list[str] = []
gate = threading.Event()
inside = threading.Event()


def echo(request: HttpRequest) -> HttpResponse:
    calls.append("echo")
    return HttpResponse(f"{request.method} {len(request.body)} {threading.current_thread().name.partition('_')[0]}")


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def wait(request: HttpRequest) -> HttpResponse:
    inside.set()
    gate.wait(60)
    calls.append("waited")
    return HttpResponse("waited")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[bytes]:
        for number in range(3):
            calls.append(f"part {number} on {threading.current_thread().name.partition('_')[0]}")
            yield f"{number},".encode()

    return StreamingHttpResponse(parts())


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(open(__file__, "rb"))


def backend(request: HttpRequest) -> HttpResponse:
    """Which database connection answered: its number in PostgreSQL, its identity elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()" if connection.vendor == "postgresql" else "SELECT 1")
        number = cursor.fetchone()[0]
    return HttpResponse(str(number if connection.vendor == "postgresql" else id(connection.connection)))


def language(request: HttpRequest) -> HttpResponse:
    before = translation.get_language()
    translation.activate("de")
    return HttpResponse(before)


def cached(request: HttpRequest) -> HttpResponse:
    """Which connection to Redis the cache used: its number there; nothing while Redis is away."""
    cache.get("any")
    client = caches["default"]._cache  # type: ignore[attr-defined]
    return HttpResponse(str(client.get_client().client_id()) if not client.paused_until else "away")


refusals: list[str] = []  # SQLSTATEs that the next views are refused with


def keeping(request: HttpRequest) -> HttpResponse:
    """Reads what was sent and writes it in a transaction; `?first=` says what is kept before that one."""
    calls.append("keeping")
    if first := request.GET.get("first"):
        Organisation.objects.create(name=first, slug="first")
    with transaction.atomic():
        Organisation.objects.create(name=request.FILES["name"].read().decode())
        if refusals:
            with connection.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '{refusals.pop()}'; END $$")
    return HttpResponse("kept")


handler500 = "config.views.server_error"
urlpatterns = [
    path("echo/", echo), path("boom/", boom), path("wait/", wait), path("stream/", stream), path("file/", file),
    path("backend/", backend), path("language/", language), path("cached/", cached),
    path("keeping/", keeping),
]  # fmt: skip
