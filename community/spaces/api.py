"""Spaces under /api/v1/."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from community.spaces.models import Space


def show_space(space: Space) -> dict:
    return {
        "id": space.pk,
        "slug": space.slug,
        "name": space.name,
        "purpose": space.purpose,
        "audience": space.audience,
        "kinds": space.kinds or ["question", "discussion"],
        "topic_count": space.topic_count,
        "last_activity_at": space.last_activity_at,
        "url": settings.SITE_URL + space.get_absolute_url(),
    }


class SpaceListApi(ApiView):
    @extend_schema(operation_id="spaces_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """The spaces that the caller may read."""
        return page_of(request, Space.objects.visible_to(self.viewer), show_space, size=100)


class SpaceApi(ApiView):
    @extend_schema(operation_id="spaces_read", responses={200: dict})
    def get(self, request: Request, slug: str) -> Response:
        """One space."""
        return Response(show_space(get_object_or_404(Space.objects.visible_to(self.viewer), slug=slug)))
