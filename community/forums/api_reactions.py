"""Reactions, and who may change a post, under /api/v1/."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from community.forums import reading, services
from community.forums.models import Post
from community.forums.reactions import counts_in, offered
from community.forums.serializers import EditRulesInput, ReactionInput, show_post


class PostReactionsApi(ApiView):
    @extend_schema(operation_id="posts_reactions", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """Who reacted to a post with what, 200 people at most, and what is offered."""
        groups = reading.who_reacted(_post(self, pk))
        rows = [{"name": one.name, "people": [user.username for user in people]} for one, people in groups]
        return Response({"results": rows, "offered": [one.name for one in offered()]})

    @extend_schema(operation_id="posts_react", request=ReactionInput, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """React to a post. Twice counts once; 50 in a day, more for those who are trusted."""
        self.require_sign_in()
        post = _post(self, pk)  # before what was sent is judged: who may not see it learns nothing
        form = ReactionInput(data=request.data)
        form.is_valid(raise_exception=True)
        return self._react(post, form.validated_data["name"], on=True)

    @extend_schema(
        operation_id="posts_unreact", parameters=[OpenApiParameter("name", str, required=True)], responses={200: dict}
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Take a reaction back (`?name=`)."""
        self.require_sign_in()
        return self._react(_post(self, pk), request.query_params.get("name", "")[:40], on=False)

    def _react(self, post: Post, name: str, *, on: bool) -> Response:
        now = services.post_react(viewer=self.viewer, post=post, name=name, on=on)
        return Response({"id": post.pk, "reactions": dict(counts_in(now.reactions))})


class PostRulesApi(ApiView):
    @extend_schema(operation_id="posts_rules", request=EditRulesInput, responses={200: dict})
    def patch(self, request: Request, pk: int) -> Response:
        """Say who may change a post: everybody who is known (`is_wiki`), or staff alone (`is_locked`)."""
        self.require_sign_in()
        post = _post(self, pk)
        form = EditRulesInput(data=request.data)
        form.is_valid(raise_exception=True)
        if "is_wiki" in form.validated_data:
            services.post_set_wiki(viewer=self.viewer, post=post, on=form.validated_data["is_wiki"])
        if "is_locked" in form.validated_data:
            services.post_set_locked(viewer=self.viewer, post=_post(self, pk), on=form.validated_data["is_locked"])
        return Response(show_post(_post(self, pk)))


def _post(view: ApiView, pk: int) -> Post:
    return get_object_or_404(Post.objects.visible_to(view.viewer).select_related("topic", "author"), pk=pk)
