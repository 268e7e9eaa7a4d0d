"""Pages that belong to no single room: the front page, the operator's colour, and forms that came too late."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.api.problems import problem
from accounts.events import trace
from community.ideas import selectors as ideas
from community.reputation import selectors as reputation
from config import frontpage
from knowledge.selectors import articles as knowledge


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what is new for this person, and what is worth reading. htmx asking for older rows gets those."""
    viewer = request.viewer  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "")
    if tab not in frontpage.LISTS:
        tab = frontpage.FOR_YOU if viewer.is_signed_in else "latest"
    page = frontpage.topics(viewer, tab, request.GET.get("older", ""))
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


@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for by themselves, such as on Django's admin pages."""
    return redirect(static("img/mark.svg"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere: say so, and how to keep what was written."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours. It says the id that the log has, and nothing of what happened; it asks no database."""
    if request.path.startswith("/api/"):
        return problem(500, _("Something broke on our side. It was logged as %s.") % trace.request_id())
    return HttpResponse(render_to_string("500.html", {"request_id": trace.request_id()}), status=500)


@csrf_exempt
def api_not_found(request: HttpRequest, rest: str) -> HttpResponse:
    """An address of the API that does not exist: a problem document, not a page."""
    return problem(404, _("There is nothing here, or you may not see it."))
