"""Ignoring under /api/v1/; a token needs the scope `private`."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from accounts.ignoring import selectors, services
from accounts.ignoring.models import Ignore
from accounts.models import User
from accounts.selectors import person as find_person


class IgnoreInput(serializers.Serializer):
    level = serializers.CharField(max_length=20)
    days = serializers.IntegerField(min_value=-(2**31), max_value=2**31 - 1, allow_null=True, default=None)


def show(row: Ignore) -> dict:
    return {"username": row.person.username, "level": row.level, "until": row.until}


class IgnoredListApi(ApiView):
    @extend_schema(operation_id="ignored_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """Whom you mute or ignore; `until` is null where it is for ever."""
        self.require_sign_in()
        return Response({"results": [show(row) for row in selectors.ignored_by(self.viewer)]})


class IgnoredApi(ApiView):
    @extend_schema(operation_id="ignored_set", request=IgnoreInput, responses={200: dict})
    def put(self, request: Request, username: str) -> Response:
        """Mute (`muted`) or ignore (`ignored`) somebody, for so many `days` or for ever. They are not told."""
        self.require_sign_in()
        person = self._person(username)
        form = IgnoreInput(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(show(services.person_ignore(viewer=self.viewer, person=person, **form.validated_data)))

    @extend_schema(operation_id="ignored_remove", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Hear them again."""
        self.require_sign_in()
        services.person_hear(viewer=self.viewer, person=self._person(username))
        return Response(status=204)

    def _person(self, username: str) -> User:
        person = find_person(self.viewer, username)
        if person is None:
            raise Http404
        return person
