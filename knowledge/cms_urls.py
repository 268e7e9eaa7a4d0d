"""/cms/: Wagtail's editor behind our own door.

Signing in is allauth's alone, so that no password form stands beside it. A signed-in person who is no editor gets 404.
What this product does not use of Wagtail (people, groups, files, collections) is closed: it is managed elsewhere or not
at all, and what is closed cannot leak.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

CLOSED: Final = (
    "users", "groups", "images", "documents", "collections", "snippets", "redirects", "sites", "locales", "workflows",
    "password_reset", "embeds", "styleguide", "failwhale", "test404",
)
ENTRY: Final = "wagtailadmin.access_admin"


def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    raise Http404


def editors_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The door: sign in first; who is no editor finds nothing here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(ENTRY):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("account/", RedirectView.as_view(url=reverse_lazy("accounts:settings"))),
    re_path(rf"^(?:{'|'.join(CLOSED)})(?:/|$)", closed),
    re_path(r"^account/", closed),
    *decorate_urlpatterns(wagtailadmin_urls.urlpatterns, editors_only),
]
