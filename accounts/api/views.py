"""The base of the API's views: a Viewer on the request, and pages of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import viewer_of
from accounts.text import whole_number
from accounts.viewer import Viewer

PAGE_SIZE = 20
MOST_PAGES = 1_000


class ApiView(APIView):
    """Subclasses read `self.viewer`; they parse with a DRF serializer, call one service and answer."""

    viewer: Viewer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.viewer = viewer_of(request)
        request._request.viewer = self.viewer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        rate = getattr(getattr(request, "_request", None), "rate", None)
        for name, value in (rate.headers if rate else {}).items():
            answer[name] = value
        return answer

    def require_sign_in(self) -> None:
        """Raises NotAuthenticated (401) for the anonymous."""
        if not self.viewer.is_signed_in:
            raise NotAuthenticated


def page_number(request: Request) -> int:
    """`?page=`; raises ValidationError({"page": …}) for anything but 1 to 1,000."""
    number = whole_number(request.query_params.get("page", "1"), most=MOST_PAGES)
    if not number:
        raise ValidationError({"page": _("Must be a whole number from 1 to 1000.")})
    return number


def number_after(request: Request, told: str) -> int:
    """`?after=`, 0 where it is not given; raises ValidationError({"after": …}) with what is told of a wrong one."""
    number = whole_number(request.query_params.get("after", "0"), most=999_999_999)
    if number is None:
        raise ValidationError({"after": told})
    return number


def page_of(request: Request, rows: QuerySet, show: Callable[[Any], dict], *, size: int = PAGE_SIZE) -> Response:
    """`{total, page, results}` of a queryset, each row through `show`."""
    number = page_number(request)
    found: Sequence = rows[(number - 1) * size : number * size]
    return Response({"total": rows.count(), "page": number, "results": [show(row) for row in found]})
