"""Synonyms, pins and weights by API. Needs a token of staff with `private` and `staff`, and `write` to change them."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from search import policies
from search.parser import MOST_CHARACTERS
from search.portable import shaping_document, shaping_take


class PinSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=MOST_CHARACTERS)
    kind = serializers.CharField(max_length=20)
    id = serializers.IntegerField()


class SettingsSerializer(serializers.Serializer):
    """`synonyms` are lines such as `phone, mobile` or `tv => television`; `relevance` is a manager's."""

    format = serializers.IntegerField()
    synonyms = serializers.ListField(child=serializers.CharField(max_length=1_500), required=False)
    pins = PinSerializer(many=True, required=False)
    relevance = serializers.DictField(child=serializers.FloatField(), required=False)


class SettingsTakenSerializer(serializers.Serializer):
    synonyms = serializers.IntegerField()
    pins = serializers.IntegerField()
    same = serializers.IntegerField()
    weighed = serializers.BooleanField()


class SearchSettingsApi(ApiView):
    def initial(self, request: Request, *args, **kwargs) -> None:
        """For everyone who does not shape searches there is nothing here."""
        super().initial(request, *args, **kwargs)
        if not policies.can_curate(self.viewer):
            raise Http404

    @extend_schema(operation_id="search_settings", responses={200: SettingsSerializer})
    def get(self, request: Request) -> Response:
        """What staff made of all searches, as one document."""
        return Response(shaping_document(self.viewer))

    @extend_schema(
        operation_id="search_settings_add", request=SettingsSerializer, responses={200: SettingsTakenSerializer}
    )
    def post(self, request: Request) -> Response:
        """Add what a document holds, all or nothing; nothing is taken away."""
        taken = shaping_take(viewer=self.viewer, document=request.data)
        return Response(
            {"synonyms": taken.synonyms, "pins": taken.pins, "same": taken.same, "weighed": taken.is_weighed}
        )
