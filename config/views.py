"""Pages that belong to no single room: the front page, the operator's colour, and what to say when a request fails."""

from __future__ import annotations

import sys
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.api.problems import problem
from accounts.events import trace
from accounts.kept_pages import KeptForNobody
from community.ideas import selectors as ideas
from community.reputation import selectors as reputation
from config import disclosure, frontpage
from knowledge.selectors import articles as knowledge

RETRY_AFTER: Final = {"Retry-After": "3"}


class HomeView(KeptForNobody, View):
    """The front page: what is new for this person, and what is worth reading. htmx asking for older rows gets those."""

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = request.viewer  # type: ignore[attr-defined]
        tab, page = frontpage.chosen(viewer, request.GET.get("tab", ""), request.GET.get("older", ""))
        context = {"page": page, "tab": tab, "nav": "home"}
        if request.htmx and request.GET.get("older"):  # type: ignore[attr-defined]
            return render(request, "_home_rows.html", context)
        context |= {
            "tabs": frontpage.tabs(viewer, tab),
            "ideas": ideas.moving(viewer),
            "helpers": reputation.helping_most(viewer),
            "articles": knowledge.most_helpful(viewer, most=3),
        }
        return render(request, "home.html", context)


@cache_control(public=True, max_age=3_600)
def accent(request: HttpRequest) -> HttpResponse:
    """The operator's accent colour as a stylesheet, because the content policy allows no inline style."""
    return HttpResponse(frontpage.accent_css(settings.SITE_ACCENT), content_type="text/css")


@require_safe
@cache_control(public=True, max_age=86_400)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Where search engines find what they may, and which addresses only cost both sides time."""
    closed = ("search", "accounts", "api", "admin", "cms", "notifications", "moderation", "support")
    lines = ["User-agent: *", *(f"Disallow: /{path}/" for path in closed), ""]
    lines += [f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for by themselves, such as on Django's admin pages."""
    return redirect(static("img/mark.svg"))


@cache_control(public=True, max_age=86_400)
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116); nothing is there until the operator sets SECURITY_CONTACT."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    return HttpResponse(disclosure.security_txt(timezone.now()), content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere: say so, and how to keep what was written."""
    return render(request, "403_csrf.html", status=403)


@csrf_exempt
def server_error(request: HttpRequest) -> HttpResponse:
    """What no view caught; it asks no database. A database that is away or busy: 503, and when to try again.

    Any other fault is ours: it says the id that the log has, and nothing of what happened.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _database_away(request)
    if request.path.startswith("/api/"):
        return problem(500, _("Something broke on our side. It was logged as %s.") % trace.request_id())
    return HttpResponse(render_to_string("500.html", {"request_id": trace.request_id()}), status=500)


def _database_away(request: HttpRequest) -> HttpResponse:
    """Whoever sent something goes back and sends it again: forms and calls with a key are kept once."""
    if request.path.startswith("/api/"):
        told = _("The database does not answer. Send it again in a few seconds, with the same Idempotency-Key.")
        return problem(503, told, headers=RETRY_AFTER)
    told = _("We are not quite there. Try again in a few seconds.")
    if request.method == "POST":
        told = _("We are not quite there. Go back, your text is still in the form, and send it again in a few seconds.")
    page = render_to_string("refused.html", {"title": _("Back in a moment"), "message": told})
    return HttpResponse(page, status=503, headers=RETRY_AFTER)


@csrf_exempt
def api_not_found(request: HttpRequest, rest: str) -> HttpResponse:
    """An address of the API that does not exist: a problem document, not a page."""
    return problem(404, _("There is nothing here, or you may not see it."))
