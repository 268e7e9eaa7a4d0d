"""`/api/v1/notifications`: the person's own rows, and marking them read."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from accounts.text import whole_number
from community.notifications import selectors, services


class NotificationShape(serializers.Serializer):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    actor = serializers.CharField(allow_null=True)
    excerpt = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()
    is_read = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class NotificationPage(serializers.Serializer):
    unread = serializers.IntegerField()
    next_before = serializers.IntegerField(allow_null=True)
    results = NotificationShape(many=True)


class ReadInput(serializers.Serializer):
    up_to = serializers.IntegerField(
        required=False, min_value=0, max_value=2**62, help_text="A number; everything by default."
    )


class NotificationListApi(ApiView):
    """GET: newest first, 20 at a time, `?before=<number>` goes on."""

    @extend_schema(
        responses=NotificationPage,
        parameters=[OpenApiParameter("before", int, description="Only rows with a smaller number.")],
    )
    def get(self, request: Request) -> Response:
        self.require_sign_in()
        raw = request.query_params.get("before", "")
        before = whole_number(raw)
        if raw and before is None:
            raise ValidationError({"before": _("Must be a whole number.")})
        page = selectors.for_page(self.viewer, before=before)
        return Response({
            "unread": selectors.unread_count(self.viewer),
            "next_before": page.more_before,
            "results": [_shown(line) for line in page.lines],
        })


class NotificationReadApi(ApiView):
    """POST: mark everything, or everything up to a number, as read."""

    @extend_schema(request=ReadInput, responses={200: None})
    def post(self, request: Request) -> Response:
        self.require_sign_in()
        given = ReadInput(data=request.data)
        given.is_valid(raise_exception=True)
        services.all_read(viewer=self.viewer, up_to=given.validated_data.get("up_to"))
        return Response({"unread": selectors.unread_count(self.viewer)})


def _shown(line: selectors.Line) -> dict:
    row, message = line.row, line.message
    return {
        "number": row.number, "kind": row.kind, "text": message.text, "url": message.url,
        "actor": message.actor_name or None, "excerpt": message.excerpt, "count": row.count,
        "is_read": not row.is_unread, "created_at": row.created_at,
    }
