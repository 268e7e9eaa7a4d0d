"""Posts that the holder of the token keeps, under /api/v1/."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from community.forums import selectors, services
from community.forums.models import Bookmark, Post
from community.forums.serializers import show_post


class BookmarkInput(serializers.Serializer):
    remind_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class BookmarkListApi(ApiView):
    @extend_schema(operation_id="bookmarks_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """The posts that you keep, the last kept first, 100 at most."""
        self.require_sign_in()
        return Response({"results": [_show(bookmark) for bookmark in selectors.bookmarks_of(self.viewer)]})


class PostBookmarkApi(ApiView):
    @extend_schema(operation_id="posts_bookmark", request=BookmarkInput, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Keep a post, and say when to be told of it (`remind_at`)."""
        self.require_sign_in()
        post = self._post(pk)
        form = BookmarkInput(data=request.data)
        form.is_valid(raise_exception=True)
        remind_at = form.validated_data["remind_at"]
        return Response(_show(services.bookmark_set(viewer=self.viewer, post=post, remind_at=remind_at)))

    @extend_schema(operation_id="posts_unbookmark", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Keep it no longer."""
        self.require_sign_in()
        services.bookmark_remove(viewer=self.viewer, post=self._post(pk))
        return Response(status=204)

    def _post(self, pk: int) -> Post:
        return get_object_or_404(Post.objects.visible_to(self.viewer).select_related("topic", "author"), pk=pk)


def _show(bookmark: Bookmark) -> dict:
    return {"post": show_post(bookmark.post), "remind_at": bookmark.remind_at, "created_at": bookmark.created_at}
