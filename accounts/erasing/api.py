"""Having one's account erased, under /api/v1/; a token needs the scopes `write` and `private`.

The password is asked for, and a code where there is a second factor.
"""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from accounts.erasing import services
from accounts.erasing.forms import DELETE, KEEP
from accounts.factors.proof import ProofInput, require_proof


class ErasureInput(ProofInput):
    posts = serializers.ChoiceField(choices=[KEEP, DELETE])


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
        require_proof(request)
        erasure = services.erasure_ask(
            viewer=self.viewer, user=request.user, deletes_posts=wanted.validated_data["posts"] == DELETE
        )
        return Response({"state": erasure.state, "due_at": erasure.due_at}, status=202)
