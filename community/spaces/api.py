"""Spaces under /api/v1/."""

from __future__ import annotations

from functools import partial

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from community.spaces.models import Space
from community.spaces.serializers import SpaceInput, show_space, show_whole
from community.spaces.services import space_change, space_create


class SpaceListApi(ApiView):
    @extend_schema(operation_id="spaces_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """The spaces that the caller may read."""
        rows = Space.objects.visible_to(self.viewer).select_related("parent")
        return page_of(request, rows, partial(show_space, self.viewer), size=100)

    @extend_schema(operation_id="spaces_create", request=SpaceInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Open a space. For admins."""
        self.require_sign_in()
        form = SpaceInput(data=request.data)
        form.is_valid(raise_exception=True)
        space = space_create(viewer=self.viewer, **form.given(self.viewer))
        return Response(show_whole(self.viewer, space), status=201)


class SpaceApi(ApiView):
    @extend_schema(operation_id="spaces_read", responses={200: dict})
    def get(self, request: Request, slug: str) -> Response:
        """One space, by its address or an earlier one."""
        return Response(show_whole(self.viewer, self._space(slug)))

    @extend_schema(operation_id="spaces_change", request=SpaceInput, responses={200: dict})
    def patch(self, request: Request, slug: str) -> Response:
        """Change the settings that are named, and no others. For admins."""
        self.require_sign_in()
        space = self._space(slug)
        form = SpaceInput(data=request.data)
        form.is_valid(raise_exception=True)
        space_change(viewer=self.viewer, space=space, **form.given(self.viewer))
        return Response(show_whole(self.viewer, Space.objects.select_related("parent").get(pk=space.pk)))

    def _space(self, slug: str) -> Space:
        return get_object_or_404(Space.objects.visible_to(self.viewer).at(slug))
