"""Records of other sites, pushed by their own programs. Needs a manager's token with `write`, `private` and `staff`."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from search.external import policies, services
from search.external.models import MOST_BODY, ExternalRecord, ExternalSource
from search.external.services import MOST_AT_ONCE, RecordInput


class RecordSerializer(serializers.Serializer):
    """`body` is plain text; `key` is what the source itself calls the record."""

    key = serializers.CharField(max_length=500)
    url = serializers.CharField(max_length=500)
    title = serializers.CharField(max_length=300)
    body = serializers.CharField(max_length=MOST_BODY, required=False, allow_blank=True, trim_whitespace=False)
    language = serializers.CharField(max_length=10, required=False, allow_blank=True)
    updated_at = serializers.DateTimeField(required=False, allow_null=True)


class BatchSerializer(serializers.Serializer):
    records = RecordSerializer(many=True, max_length=MOST_AT_ONCE)


class TakenSerializer(serializers.Serializer):
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class _ManagedApi(ApiView):
    def source(self, slug: str) -> ExternalSource:
        """The source, or 404 for everyone who does not look after sources."""
        self.require_sign_in()
        if not policies.can_manage_sources(self.viewer):
            raise Http404
        return get_object_or_404(ExternalSource, slug=slug)


class RecordsApi(_ManagedApi):
    @extend_schema(operation_id="external_records_put", request=BatchSerializer, responses={200: TakenSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Add or replace up to 100 records, all or none."""
        source = self.source(slug)
        given = BatchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        records = [RecordInput(**row) for row in given.validated_data["records"]]
        taken = services.records_put(viewer=self.viewer, source=source, records=records)
        return Response({"new": taken.new, "changed": taken.changed, "unchanged": taken.unchanged})


class RecordApi(_ManagedApi):
    @extend_schema(operation_id="external_record_remove", responses={204: None})
    def delete(self, request: Request, slug: str, key: str) -> Response:
        """Forget one record, by its key."""
        record = get_object_or_404(ExternalRecord, source=self.source(slug), key=key)
        services.record_remove(viewer=self.viewer, record=record)
        return Response(status=204)
