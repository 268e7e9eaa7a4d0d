"""Drafts under /api/v1/: the composer keeps them here."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from accounts.drafts import selectors, services
from accounts.drafts.models import BODY_LIMIT, Draft


class DraftInput(serializers.Serializer):
    """Only types are checked here; lengths and words are the service's."""

    version = serializers.IntegerField(min_value=0, max_value=2_000_000_000, default=0)
    title = serializers.CharField(max_length=BODY_LIMIT, trim_whitespace=False, allow_blank=True, default="")
    body = serializers.CharField(trim_whitespace=False, allow_blank=True, default="")
    tags = serializers.CharField(max_length=BODY_LIMIT, trim_whitespace=False, allow_blank=True, default="")
    base = serializers.CharField(max_length=BODY_LIMIT, allow_blank=True, default="")


def show_draft(draft: Draft) -> dict:
    """A draft as the API gives it."""
    return {
        "context": draft.context, "title": draft.title, "body": draft.body, "tags": draft.tags, "base": draft.base,
        "version": draft.version, "updated_at": draft.updated_at,
    }  # fmt: skip


class DraftListApi(ApiView):
    @extend_schema(operation_id="drafts_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """What you have begun and not sent, the latest first; `where` and `url` say where it goes on."""
        self.require_sign_in()
        drafts = selectors.drafts_of(self.viewer)
        return Response({"results": [show_draft(d) | {"where": d.label, "url": d.url} for d in drafts]})


class DraftApi(ApiView):
    @extend_schema(operation_id="drafts_read", responses={200: dict})
    def get(self, request: Request, context: str) -> Response:
        """One draft; where there is none, an empty one of version 0."""
        self.require_sign_in()
        draft = Draft.objects.visible_to(self.viewer).filter(context=context).first()
        return Response(show_draft(draft) if draft else {"context": context, "version": 0})

    @extend_schema(operation_id="drafts_save", request=DraftInput, responses={200: dict})
    def put(self, request: Request, context: str) -> Response:
        """Keep it. `version` is the one you saw (0: none); 409 when another tab or device has saved since."""
        self.require_sign_in()
        form = DraftInput(data=request.data)
        form.is_valid(raise_exception=True)
        draft = services.draft_save(viewer=self.viewer, context=context, **form.validated_data)
        return Response(show_draft(draft) if draft else {"context": context, "version": 0})

    @extend_schema(operation_id="drafts_remove", responses={204: None})
    def delete(self, request: Request, context: str) -> Response:
        """Let it go."""
        self.require_sign_in()
        services.draft_remove(viewer=self.viewer, context=context)
        return Response(status=204)
