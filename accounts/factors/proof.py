"""Asking again who it is, under /api/v1/: the password, and a code where there is a second factor."""

from __future__ import annotations

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from accounts.factors.selectors import has_factor
from accounts.factors.services import code_accept
from accounts.models import User


class ProofInput(serializers.Serializer):
    password = serializers.CharField(max_length=4096, trim_whitespace=False)
    code = serializers.CharField(max_length=20, required=False, help_text="Where you have a second factor.")


def require_proof(request: Request) -> None:
    """Raises ValidationError by field for a wrong or missing one, Throttled for too many. The code is spent last."""
    given = ProofInput(data=request.data)
    given.is_valid(raise_exception=True)
    user: User = request.user  # type: ignore[assignment]
    if not ratelimit.consume(request._request, action="reauthenticate", user=user):
        raise Throttled
    if not user.check_password(given.validated_data["password"]):
        raise ValidationError({"password": _("This is not your password.")})
    if has_factor(user):
        try:
            code_accept(user=user, code=given.validated_data.get("code", ""))
        except ValidationError as error:
            raise ValidationError({"code": error.messages}) from error
