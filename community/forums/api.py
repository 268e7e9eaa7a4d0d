"""Topics, posts and solutions under /api/v1/."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, number_after, page_of
from community.forums import selectors, services
from community.forums.models import Post, Topic
from community.forums.serializers import PostInput, SolutionInput, TopicInput, show_post, show_topic
from community.spaces.models import Space


class TopicListApi(ApiView):
    @extend_schema(operation_id="topics_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """Topics, the latest activity first; `space` (with its parts), `tag`, `kind` and `page` narrow them."""
        rows = Topic.objects.visible_to(self.viewer).published().listed_for(self.viewer).for_list().latest_first()
        if slug := request.query_params.get("space", "")[:80]:
            rows = rows.filter(Q(space__slug=slug) | Q(space__parent__slug=slug))
        wanted = {"tag": "tags__name", "kind": "kind"}
        for name, lookup in wanted.items():
            if request.query_params.get(name):
                rows = rows.filter(**{lookup: request.query_params[name][:80]})
        return page_of(request, rows, show_topic)

    @extend_schema(operation_id="topics_create", request=TopicInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Start a topic. An `Idempotency-Key` header makes a repeat answer with the first one's topic."""
        self.require_sign_in()
        form = TopicInput(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        space = Space.objects.visible_to(self.viewer).open().filter(slug=data["space"]).first()
        if space is None:
            raise ValidationError({"space": _("There is no space “%s” that you can post in.") % data["space"]})
        topic = services.topic_create(
            viewer=self.viewer,
            space=space,
            kind=data["kind"],
            title=data["title"],
            body=data["body"],
            tags=data["tags"],
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        return Response(show_topic(topic), status=201)


class TopicApi(ApiView):
    @extend_schema(operation_id="topics_read", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """One topic."""
        return Response(show_topic(_topic(self, pk)))


class TopicTakeApi(ApiView):
    @extend_schema(operation_id="topics_take", request=None, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Say for ten minutes that you are writing an answer. 409 while somebody else is."""
        self.require_sign_in()
        services.topic_take(viewer=self.viewer, topic=_topic(self, pk))
        return Response(show_topic(_topic(self, pk)))

    @extend_schema(operation_id="topics_release", responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Let it go."""
        self.require_sign_in()
        services.topic_release(viewer=self.viewer, topic=_topic(self, pk))
        return Response(show_topic(_topic(self, pk)))


class TopicNeedsInfoApi(ApiView):
    @extend_schema(operation_id="topics_needs_info", request=None, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Say that the asker must tell more before anybody can help."""
        return self._mark(pk, on=True)

    @extend_schema(operation_id="topics_info_given", responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Say that all is there."""
        return self._mark(pk, on=False)

    def _mark(self, pk: int, *, on: bool) -> Response:
        self.require_sign_in()
        services.topic_needs_info(viewer=self.viewer, topic=_topic(self, pk), on=on)
        return Response(show_topic(_topic(self, pk)))


class PostListApi(ApiView):
    @extend_schema(operation_id="posts_list", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """The posts after number `after` (0 by default), at most 20."""
        topic = _topic(self, pk)
        after = number_after(request, _("Must be the number of a post."))
        posts = selectors.posts_after(self.viewer, topic, after)
        shown = [show_post(post) | {"is_ignored": self.viewer.ignores(post.author_id)} for post in posts]
        return Response({"results": shown})

    @extend_schema(operation_id="posts_create", request=PostInput, responses={201: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Reply."""
        self.require_sign_in()
        topic = _topic(self, pk)
        form = PostInput(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        answered = None
        if "reply_to" in data:
            answered = Post.objects.visible_to(self.viewer).filter(topic=topic, number=data["reply_to"]).first()
            if answered is None:
                raise ValidationError({"reply_to": _("This topic has no post with that number.")})
        post = services.reply_create(
            viewer=self.viewer,
            topic=topic,
            body=data["body"],
            reply_to=answered,
            is_whisper=data["is_whisper"],
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        return Response(show_post(post), status=201)


class SolutionApi(ApiView):
    @extend_schema(operation_id="solution_accept", request=SolutionInput, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Mark a reply, by its number, as the answer."""
        self.require_sign_in()
        topic = _topic(self, pk)
        form = SolutionInput(data=request.data)
        form.is_valid(raise_exception=True)
        post = Post.objects.visible_to(self.viewer).filter(topic=topic, number=form.validated_data["post"]).first()
        if post is None:
            raise ValidationError({"post": _("This topic has no post with that number.")})
        post.topic = topic
        services.solution_accept(viewer=self.viewer, topic=topic, post=post)
        return Response(show_topic(_topic(self, pk)))

    @extend_schema(operation_id="solution_clear", responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Take the mark back."""
        self.require_sign_in()
        services.solution_clear(viewer=self.viewer, topic=_topic(self, pk))
        return Response(show_topic(_topic(self, pk)))


class PostVoteApi(ApiView):
    @extend_schema(operation_id="posts_vote", request=None, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Say that a post helped."""
        return self._vote(pk, on=True)

    @extend_schema(operation_id="posts_unvote", responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Take the vote back."""
        return self._vote(pk, on=False)

    def _vote(self, pk: int, *, on: bool) -> Response:
        self.require_sign_in()
        post = get_object_or_404(Post.objects.visible_to(self.viewer).select_related("topic", "author"), pk=pk)
        voted = services.post_vote(viewer=self.viewer, post=post, on=on)
        return Response({"id": post.pk, "vote_count": voted.vote_count, "is_voted": on})


def _topic(view: ApiView, pk: int) -> Topic:
    topic = selectors.topic_for_page(view.viewer, pk)
    if topic is None:
        raise Http404
    return topic
