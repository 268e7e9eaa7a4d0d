"""Whole pages for those who are not signed in, kept for seconds: most reading is the same few pages, by nobody.

A page is kept under all that it depends on: its address, the audience tokens of this request (read anew each time, so
a closed space closes at once), language, theme, and `events.version`, which every service changes. What changes
without an event (a count of views, a row that an operator edits by hand) may be `KEPT_PAGE_SECONDS` old; a Redis that
is away makes that the bound for all. Nonces are never kept: they are put in anew. A page with a token or a cookie of
its visitor is not kept.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.events import version

MOST_BYTES: Final = 32_000_000
_NONCE: Final = f"nonce{secrets.token_hex(12)}"
Key = tuple[object, ...]
Value = TypeVar("Value")


class Pages:
    """The pages used last, each with the moment (monotonic, seconds) after which it is not shown."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Key, tuple[float, str]] = OrderedDict()
        self._held, self._lock = 0, Lock()

    def get(self, key: Key) -> str | None:
        with self._lock:
            until, html = self._rows.get(key, (0.0, ""))
            if time.monotonic() >= until:
                return None
            self._rows.move_to_end(key)
            return html

    def put(self, key: Key, html: str) -> None:
        with self._lock:
            _until, old = self._rows.pop(key, (0.0, ""))
            self._rows[key] = (time.monotonic() + settings.KEPT_PAGE_SECONDS, html)
            self._held += len(html) - len(old)
            while self._held > MOST_BYTES:
                self._held -= len(self._rows.popitem(last=False)[1][1])

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
            self._held = 0


pages = Pages()


MOST_VALUES: Final = 500
_values: dict[Hashable, tuple[float, Any]] = {}


def kept_while_nothing_happens(key: Hashable, make: Callable[[], Value]) -> Value:
    """What `make` gives, at most `KEPT_PAGE_SECONDS` old and from after the last event.

    `key` must name all that it depends on but the rows themselves: what is asked, and what the viewer may read. The
    value is shared by requests, so nobody may change it.
    """
    if settings.KEPT_PAGE_SECONDS <= 0 or settings.DEBUG:
        return make()
    key = (version.current(), key)
    until, value = _values.get(key, (0.0, None))
    if time.monotonic() >= until:
        value = make()
        if len(_values) >= MOST_VALUES:
            _values.clear()
        _values[key] = (time.monotonic() + settings.KEPT_PAGE_SECONDS, value)
    return value  # type: ignore[no-any-return]


class KeptForNobody:
    """A view whose GET shows the not signed in no more than its address, their tokens and the events say.

    `page_seen` is called whenever such a page was shown, kept or not; views count there.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key(request)
        if key is None:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        html = pages.get(key)
        if html is not None:
            self.page_seen(request, *args, **kwargs)
            return HttpResponse(html.replace(_NONCE, str(request.csp_nonce)))  # type: ignore[attr-defined]
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if _is_for_all(request, response):
            nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
            pages.put(key, response.content.decode().replace(nonce, _NONCE))
        return response

    def page_seen(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Nothing, unless the view counts."""


def _key(request: HttpRequest) -> Key | None:
    """What the page depends on; None where it is made for one person, or asked for in parts."""
    if request.method != "GET" or settings.KEPT_PAGE_SECONDS <= 0 or settings.DEBUG:
        return None
    viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.is_signed_in or request.htmx or "messages" in request.COOKIES:  # type: ignore[attr-defined]
        return None
    path = request.get_full_path()
    if len(path) > 500:
        return None
    return (version.current(), path, viewer.tokens, get_language(), request.COOKIES.get("theme", ""))


def _is_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page that set no cookie and holds no token of this visitor."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "CSRF_COOKIE" not in request.META
        and response.get("Content-Type", "").startswith("text/html")
    )
