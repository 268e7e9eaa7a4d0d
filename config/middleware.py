"""Answers that need none of the rest: health for balancers, and bad requests without a traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.api.problems import problem
from accounts.errors import Conflict
from config.archive.links import host_of
from config.archive.redirects import address_now
from config.health import readyz


class CompressMiddleware(GZipMiddleware):
    """Gzip for text only (Django pads against BREACH); fonts and pictures are small already, ranges stay exact."""

    WORTH = ("text/", "application/json", "application/javascript", "application/problem+json", "image/svg+xml")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if "Range" in request.headers or not response.get("Content-Type", "").startswith(self.WORTH):
            return response
        return super().process_response(request, response)


class HealthMiddleware:
    """`/healthz` says that this process answers, `/readyz` which parts do; no session and no host check for either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            return readyz(request)
        return self.get_response(request)


class LimitsMiddleware:
    """What nothing can read is refused before anything reads it.

    A form or a JSON body over the limit: 413, by its length. A NUL, which PostgreSQL cannot look up: 404 in the path,
    400 in the API's query, with the field's name; pages read theirs with care.
    """

    TELLS_ITSELF = ("/api/v1/search", "/api/v1/suggest")  # they answer for what is typed into the box

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length", "")
        is_upload = request.content_type == "multipart/form-data"  # files have limits of their own
        if not is_upload and length.isdigit() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
            told = _("This is too large: %(limit)s MB is the most. Shorten it and send it again.") % {"limit": limit}
            return _refused(request, 413, _("Too large"), told)
        if "\0" in request.path:
            return _refused(request, 404, _("There is nothing here"), _("The address is not right."))
        told = _("This holds a character that cannot be shown. Remove it and send it again.")
        errors = {name: [told] for name, values in request.GET.lists() if any("\0" in text for text in (name, *values))}
        if errors and request.path.startswith("/api/") and not request.path.startswith(self.TELLS_ITSELF):
            return _refused(request, 400, _("That cannot be done"), told, errors)
        return self.get_response(request)


def _refused(
    request: HttpRequest, status: int, title: str, message: str, errors: dict[str, list[str]] | None = None
) -> HttpResponse:
    """A page without the frame, which would need a session; a problem document for the API."""
    if request.path.startswith("/api/"):
        return problem(status, message, errors=errors)
    return HttpResponse(render_to_string("refused.html", {"title": title, "message": message}), status=status)


class OldAddressMiddleware:
    """Before a page is not found: what stood at this address elsewhere is led to where it is now, if one may see it."""

    NEVER = ("/api/", "/static/", "/media/", "/ws/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        url = request.get_full_path()
        if len(url) > 2_000 or url.startswith(self.NEVER):
            return response
        now = address_now(url, host=host_of(f"http://{request.get_host()}"), viewer=request.viewer)  # type: ignore[attr-defined]
        return HttpResponsePermanentRedirect(now) if now else response


class PlainErrorsMiddleware:
    """A refusal that no form caught becomes a page in the product's own words: 400, 404 or 409, with DEBUG on too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match exception:
            case ValidationError():
                return render(request, "400.html", {"messages_list": exception.messages}, status=400)
            case Http404():
                return render(request, "404.html", status=404)
            case Conflict():
                return render(request, "409.html", {"message": str(exception)}, status=409)
        return None
