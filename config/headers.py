"""What every answer tells the browser it may not do: the content policy, and the headers beside it.

Pages get a policy with a nonce (`PolicyMiddleware`, django-csp). `HeadersMiddleware` stands around everything else, so
that no answer leaves without: files, feeds, the API, redirects, refusals, health.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from csp.constants import SELF
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY: Final = "Content-Security-Policy"
# No answer of ours but a page runs or shows anything: should a browser take one for a page, nothing in it works.
NOTHING: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
_UNUSED: Final = """accelerometer browsing-topics camera display-capture geolocation gyroscope magnetometer microphone
    midi payment screen-wake-lock serial usb"""
PERMISSIONS: Final = ", ".join(f"{name}=()" for name in _UNUSED.split())
# Wagtail's and Django's own editors name their script files without a nonce (decisions/0010).
EDITORS: Final = ("/cms/", "/admin/")


class PolicyMiddleware(CSPMiddleware):
    """The content policy of every page; in the editors, script files of this site may run, and no inline script."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path_info.startswith(EDITORS):
            response._csp_replace = {"script-src": [SELF], "img-src": [SELF, "data:", "blob:"]}  # type: ignore[attr-defined]
        if not response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault(POLICY, NOTHING)
        return super().process_response(request, response)


class HeadersMiddleware:
    """The outermost: adds what is missing, and keeps personal answers and errors out of every cache."""

    ALWAYS: Final = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.ALWAYS.items():
            response.headers.setdefault(name, value)
        if not (settings.DEBUG and response.status_code in {404, 500}):  # Django's own pages for developers
            response.headers.setdefault(POLICY, NOTHING)
        if _is_personal(request, response):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Made for one person, or not worth keeping: a session, a token, a cookie that is set, an error."""
    return (
        response.status_code >= 400
        or bool(response.cookies)
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or "Authorization" in request.headers
    )
