"""`request.viewer`: built on first use, once a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.api.permissions import limited
from accounts.factors.policies import is_held_up
from accounts.viewer import Viewer, viewer_for


def _viewer(request: HttpRequest) -> Viewer:
    """Who is signed in; no more than everybody while they have to set up a second factor first."""
    return limited(request.user, set()) if is_held_up(request) else viewer_for(request.user)  # type: ignore[arg-type]


class ViewerMiddleware:
    """Put a lazy Viewer on the request; pages that ask nothing of it pay nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: _viewer(request))  # type: ignore[attr-defined]
        return self.get_response(request)
