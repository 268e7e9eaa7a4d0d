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
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.utils.urlpatterns import decorate_urlpatterns

from accounts.models import User

CLOSED: Final = (
    "users", "groups", "images", "documents", "collections", "snippets", "redirects", "sites", "locales", "workflows",
    "password_reset", "embeds", "styleguide", "failwhale", "test404", "api/main/documents", "api/main/images",
    "choose-page/chosen-multiple",  # names any page by its id
)
ENTRY: Final = "wagtailadmin.access_admin"
# What Wagtail's views call the page in their address. Some of them (the chooser, moving) do not ask who may see it.
PAGE_IDS: Final = frozenset({"page_id", "parent_page_id", "page_to_move_id", "destination_id", "pk", "object_id"})


def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    raise Http404


def reachable(user: User, page_ids: set[int]) -> bool:
    """Whether all these pages lie in sections that the person has rights on, or above them."""
    pages = policy_registry.get_by_type(Page).explorable_instances(user)
    return pages.filter(pk__in=page_ids).count() == len(page_ids)


def chooser_root(user: User) -> int:
    """Where the chooser begins: Wagtail would begin at the common parent of all pages of the wanted kind."""
    root = policy_registry.get_by_type(Page).explorable_root_instance(user)
    if root is None:
        raise Http404
    return root.pk


def editors_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The door: sign in first; who is no editor finds nothing here, and an editor no page outside their sections."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(ENTRY):
            raise Http404
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name == "wagtailadmin_choose_page":
            kwargs["parent_page_id"] = chooser_root(request.user)
        named = {int(value) for key, value in kwargs.items() if key in PAGE_IDS and str(value).isdigit()}
        is_ours = name.startswith("knowledge_")  # these ask for themselves
        if named and not is_ours and not reachable(request.user, named):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("account/", RedirectView.as_view(url=reverse_lazy("accounts:settings"))),
    re_path(rf"^(?:{'|'.join(CLOSED)})(?:/|$)", editors_only(closed)),
    re_path(r"^account/", editors_only(closed)),
    *decorate_urlpatterns(wagtailadmin_urls.urlpatterns, editors_only),
]
