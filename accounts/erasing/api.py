"""Having one's account erased, under /api/v1/; a token needs the scopes `write` and `private`.

The password is asked for, and a code where there is a second factor.
"""

from __future__ import annotations

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from accounts.erasing import services
from accounts.erasing.forms import DELETE, KEEP
from accounts.factors.selectors import has_factor
from accounts.factors.services import code_accept
from accounts.models import User


class ErasureInput(serializers.Serializer):
    posts = serializers.ChoiceField(choices=[KEEP, DELETE])
    password = serializers.CharField(max_length=4096, trim_whitespace=False)
    code = serializers.CharField(max_length=20, required=False, help_text="Where you have a second factor.")


class ErasureApi(ApiView):
    @extend_schema(operation_id="me_erase", request=ErasureInput, responses={202: dict})
    def post(self, request: Request) -> Response:
        """Close your account at once, this token included, and have it erased some days later.

        `posts` are kept without your name (`keep`) or deleted (`delete`). Until `due_at` you can have it back by the
        link in the mail that we send, or by signing in.
        """
        self.require_sign_in()
        wanted = ErasureInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        if not ratelimit.consume(request._request, action="reauthenticate", user=request.user):
            raise Throttled
        if not request.user.check_password(wanted.validated_data["password"]):
            raise ValidationError({"password": _("This is not your password.")})
        if has_factor(request.user):
            _take(request.user, wanted.validated_data.get("code", ""))
        erasure = services.erasure_ask(
            viewer=self.viewer, user=request.user, deletes_posts=wanted.validated_data["posts"] == DELETE
        )
        return Response({"state": erasure.state, "due_at": erasure.due_at}, status=202)


def _take(user: User, code: str) -> None:
    """A code of the second factor, once. Raises ValidationError({"code": …})."""
    try:
        code_accept(user=user, code=code)
    except ValidationError as error:
        raise ValidationError({"code": error.messages}) from error
