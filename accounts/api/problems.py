"""Every error of the API is `application/problem+json` (RFC 9457), with `errors` by field where fields are wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from accounts.errors import Conflict


def problem(
    status: int, detail: str, *, errors: dict[str, list[str]] | None = None, headers: dict | None = None
) -> JsonResponse:
    """One problem document: type, title, status, detail and, where fields are wrong, `errors`."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type="application/problem+json", headers=headers)


def problem_handler(error: Exception, context: dict) -> JsonResponse | None:
    """DRF's exception handler; returns None (a logged 500) only for what is our own fault."""
    set_rollback()
    match error:
        case ValidationError():
            fields = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
            return problem(400, _("Some fields are not right."), errors=fields)
        case exceptions.ValidationError():
            return problem(400, _("Some fields are not right."), errors=_flat(error.detail))
        case Conflict():
            return problem(409, str(error))
        case Http404() | exceptions.NotFound():
            return problem(404, _("There is nothing here, or you may not see it."))
        case PermissionDenied():
            return problem(403, str(error) or _("You may not do this."))
        case exceptions.APIException():
            headers = {}
            if getattr(error, "auth_header", None):
                headers["WWW-Authenticate"] = error.auth_header
            if getattr(error, "wait", None):
                headers["Retry-After"] = str(int(error.wait))
            return problem(error.status_code, str(error.detail), headers=headers)
    return None


def _flat(detail: Any, field: str = "") -> dict[str, list[str]]:
    """DRF's nested detail as `{"tags.0": ["…"]}`."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for key, value in detail.items():
            found.update(_flat(value, f"{field}.{key}" if field else str(key)))
        return found
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        found = {}
        for index, value in enumerate(detail):
            found.update(_flat(value, f"{field}.{index}" if field else str(index)))
        return found
    return {field or "non_field_errors": [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
