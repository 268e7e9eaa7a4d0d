"""Muted spaces and tags under /api/v1/; a token needs the scope `private`."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from community.forums import mutes, services
from community.forums.models import Tag
from community.spaces.models import Space


class MutedListApi(ApiView):
    @extend_schema(operation_id="muted_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """The spaces and tags that you mute."""
        self.require_sign_in()
        found = mutes.mutes_of(self.viewer)
        return Response({
            "spaces": [row.space.slug for row in found if row.space], "tags": [row.tag.name for row in found if row.tag]
        })  # fmt: skip


class MutedSpaceApi(ApiView):
    @extend_schema(operation_id="muted_space_set", request=None, responses={200: dict})
    def put(self, request: Request, slug: str) -> Response:
        """Mute a space with its parts: nothing written there is told, nor is it among your latest, new and unread."""
        services.space_mute(viewer=self.viewer, space=self._space(slug), on=True)
        return Response({"space": slug, "is_muted": True})

    @extend_schema(operation_id="muted_space_remove", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Hear of it again."""
        services.space_mute(viewer=self.viewer, space=self._space(slug), on=False)
        return Response(status=204)

    def _space(self, slug: str) -> Space:
        self.require_sign_in()
        return get_object_or_404(Space.objects.visible_to(self.viewer), slug=slug)


class MutedTagApi(ApiView):
    @extend_schema(operation_id="muted_tag_set", request=None, responses={200: dict})
    def put(self, request: Request, name: str) -> Response:
        """Mute whatever carries a tag."""
        services.tag_mute(viewer=self.viewer, tag=self._tag(name), on=True)
        return Response({"tag": name, "is_muted": True})

    @extend_schema(operation_id="muted_tag_remove", responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        """Hear of it again."""
        services.tag_mute(viewer=self.viewer, tag=self._tag(name), on=False)
        return Response(status=204)

    def _tag(self, name: str) -> Tag:
        self.require_sign_in()
        tag = mutes.tag_seen(self.viewer, name)
        if tag is None:
            raise Http404
        return tag
