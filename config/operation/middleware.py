"""Around every request: its id, its measure; and `/metrics`, which needs no session and no host check."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from accounts.events.trace import traced
from config.operation import measures
from config.operation.scrape import metrics

#: what a proxy in front may give as an id; anything else is replaced, so that nobody writes into our logs
_GIVEN: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestMiddleware:
    """The first of all: `X-Request-ID` is taken from the proxy or made here, logged everywhere, and answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        with traced(request_id):
            response = metrics(request) if request.path == "/metrics" else self.get_response(request)
        measures.requested(_view(request), response.status_code, time.perf_counter() - started)
        response["X-Request-ID"] = request_id
        return response


def _view(request: HttpRequest) -> str:
    """The name of the address, of which there are few; never the address itself, which may hold a person's name."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match else "none"
