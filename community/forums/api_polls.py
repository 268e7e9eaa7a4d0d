"""The poll of a post under /api/v1/."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from community.forums import reading, services
from community.forums.models import Poll, Post
from community.forums.polls import show_poll
from community.forums.serializers import PollChoice, PollIn
from community.forums.services.polls import PollInput


class PostPollApi(ApiView):
    @extend_schema(operation_id="polls_read", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """The poll, with counts only where they are shown to you now."""
        return self._shown(self._post(pk))

    @extend_schema(operation_id="polls_create", request=PollIn, responses={201: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Put a poll into a post of yours. 409 where there is one."""
        self.require_sign_in()
        post = self._post(pk)
        form = PollIn(data=request.data)
        form.is_valid(raise_exception=True)
        services.poll_create(viewer=self.viewer, post=post, asked=PollInput(**form.validated_data))
        return self._shown(self._post(pk), status=201)

    @extend_schema(operation_id="polls_vote", request=PollChoice, responses={200: dict})
    def put(self, request: Request, pk: int) -> Response:
        """Choose, in place of what you chose before."""
        self.require_sign_in()
        poll = self._poll(pk)
        form = PollChoice(data=request.data)
        form.is_valid(raise_exception=True)
        services.poll_vote(viewer=self.viewer, poll=poll, options=form.validated_data["options"])
        return self._shown(self._post(pk))

    @extend_schema(operation_id="polls_close", responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Close it for good; what was chosen stays."""
        self.require_sign_in()
        services.poll_close(viewer=self.viewer, poll=self._poll(pk))
        return self._shown(self._post(pk))

    def _post(self, pk: int) -> Post:
        return get_object_or_404(Post.objects.visible_to(self.viewer).select_related("topic", "author"), pk=pk)

    def _poll(self, pk: int) -> Poll:
        post = self._post(pk)
        if not post.has_poll:
            raise Http404
        return post.poll

    def _shown(self, post: Post, status: int = 200) -> Response:
        shown = reading.post_for_viewer(self.viewer, post).poll_shown
        if shown is None:
            raise Http404
        return Response(show_poll(shown), status=status)
