"""Who must have a second factor and has none is led to set it up, whatever they open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.factors import policies


class SecondFactorMiddleware:
    """Pages lead to the set-up, and pieces of pages and scripts are refused (403); the API refuses by itself
    (`accounts.api.authentication`), the socket too (`community.notifications.live.access`). What is open all the same
    is shown to a Viewer that may no more than everybody (`accounts.middleware`).
    """

    OPEN: Final = frozenset({
        "account_logout", "account_reauthenticate", "accounts:theme", "accounts:avatar", "accounts:mails", "accent",
        "favicon", "robots-txt",
    })  # fmt: skip

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = (match and match.view_name) or ""
        is_open = name in self.OPEN or name.startswith("mfa_") or request.path.startswith("/api/")
        if is_open or not policies.is_held_up(request):
            return None
        if "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
            return HttpResponse(status=403, headers={"HX-Redirect": reverse("mfa_index")})
        return HttpResponseRedirect(reverse("mfa_index"))
