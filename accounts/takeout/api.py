"""A copy of one's data, under /api/v1/; a token needs the scope `private`, and to ask `write` and the password
(with a code, where there is a second factor).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from accounts.factors.proof import ProofInput, require_proof
from accounts.takeout import policies, selectors, sending, services
from accounts.takeout.models import Takeout


class OwnDataView(ApiView):
    def require_proof(self, request: Request) -> None:
        """Raises ValidationError by field for a wrong password or code, and Throttled for too many."""
        self.require_sign_in()
        require_proof(request)


class TakeoutApi(OwnDataView):
    @extend_schema(operation_id="me_export", responses={200: dict})
    def get(self, request: Request) -> Response:
        """How far the copy of your data is that was asked for last: `making`, `ready`, `gone` or `failed`.

        At `url` it is fetched in a browser, by `POST me/export/file` with your password here.
        """
        self.require_sign_in()
        takeout = selectors.latest_of(request.user) if policies.can_fetch(self.viewer, request.user) else None
        if takeout is None:
            raise NotFound
        return Response(_shown(takeout))

    @extend_schema(operation_id="me_export_ask", request=ProofInput, responses={202: dict})
    def post(self, request: Request) -> Response:
        """Ask for a copy of all that is held about you. It takes some minutes; a mail says when it is ready."""
        self.require_proof(request)
        return Response(_shown(services.takeout_ask(viewer=self.viewer, user=request.user)), status=202)


class TakeoutFileApi(OwnDataView):
    @extend_schema(
        operation_id="me_export_file", request=ProofInput,
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )  # fmt: skip
    def post(self, request: Request) -> FileResponse:
        """The copy as a ZIP. From the first time on it stays for an hour."""
        self.require_proof(request)
        takeout = selectors.fetchable(selectors.latest_of(request.user))
        if takeout is None:
            raise NotFound
        try:
            path = services.takeout_fetched(viewer=self.viewer, takeout=takeout)
            return sending.answer(path, str(request.user.username))
        except OSError as error:
            raise Http404 from error


def _shown(takeout: Takeout) -> dict[str, Any]:
    is_there = selectors.fetchable(takeout) is not None
    state = takeout.state if is_there or takeout.state != Takeout.State.READY else Takeout.State.GONE
    return {
        "state": state, "asked_at": takeout.asked_at, "ready_at": takeout.ready_at, "size": takeout.size or None,
        "expires_at": takeout.expires_at, "url": settings.SITE_URL + reverse("takeout:own"),
    }  # fmt: skip
