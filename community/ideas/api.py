"""Ideas over the API: the board, one idea, suggesting, voting, deciding."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from accounts.text import LIMITS
from accounts.viewer import Viewer
from community.forums.models import Post
from community.ideas import selectors, services
from community.ideas.models import Idea, IdeaStatus
from community.spaces.models import Space


class IdeaInput(serializers.Serializer):
    space = serializers.SlugField(max_length=60)
    title = serializers.CharField(max_length=LIMITS["title"])
    body = serializers.CharField(max_length=LIMITS["body"], trim_whitespace=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=LIMITS["tag"]), max_length=5, required=False)


class DecisionInput(serializers.Serializer):
    status = serializers.ChoiceField(choices=IdeaStatus.choices)
    note = serializers.CharField(max_length=LIMITS["note"], required=False, allow_blank=True, default="")


class IdeaFilter(serializers.Serializer):
    status = serializers.ChoiceField(choices=[*IdeaStatus.choices], required=False)
    sort = serializers.ChoiceField(choices=selectors.SORTS, required=False, default="top")
    q = serializers.CharField(max_length=LIMITS["search"], required=False, default="")
    space = serializers.SlugField(max_length=60, required=False, default="")


def shown(viewer: Viewer, idea: Idea) -> dict:
    """An idea as the API tells it; what it was merged into only where this viewer sees that idea."""
    topic, goes_on_in = idea.topic, selectors.goes_on_in(viewer, idea)
    return {
        "id": idea.pk, "title": topic.title, "url": settings.SITE_URL + topic.get_absolute_url(),
        "space": topic.space.slug, "status": idea.status, "votes": idea.vote_count, "voted": idea.is_voted,  # type: ignore[attr-defined]
        "author": topic.author.username if topic.author else None, "tags": [tag.name for tag in topic.tags.all()],
        "comments": topic.reply_count, "merged_into": goes_on_in.pk if goes_on_in else None,
        "created_at": topic.created_at,
    }


def found_idea(view: ApiView, pk: int) -> Idea:
    """The idea with this viewer's vote, or 404."""
    ideas = selectors.with_my_vote(Idea.objects.visible_to(view.viewer).for_list(), view.viewer)
    return get_object_or_404(ideas, pk=pk)


class IdeaListApi(ApiView):
    @extend_schema(operation_id="ideas_list", parameters=[IdeaFilter], responses={200: dict})
    def get(self, request: Request) -> Response:
        """The board; without a status, what is not decided yet."""
        wanted = IdeaFilter(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        ideas = selectors.board(
            self.viewer, status=values.get("status", ""), sort=values["sort"], text=values["q"], space=values["space"]
        )
        return page_of(request, ideas, partial(shown, self.viewer))

    @extend_schema(operation_id="ideas_create", request=IdeaInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Suggest an idea."""
        self.require_sign_in()
        given = IdeaInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        space = Space.objects.visible_to(self.viewer).filter(slug=values.pop("space")).first()
        if space is None:
            raise ValidationError({"space": [_("There is no space with this address.")]})
        key = request.headers.get("Idempotency-Key", "")[:64]
        idea = services.idea_create(viewer=self.viewer, space=space, idempotency_key=key, **values)
        return Response(shown(self.viewer, found_idea(self, idea.pk)), status=201)


class IdeaApi(ApiView):
    @extend_schema(operation_id="ideas_read", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """One idea with its text and what staff decided."""
        idea = found_idea(self, pk)
        first = Post.objects.visible_to(self.viewer).filter(topic=pk, number=1).first()
        changes = [
            {
                "before": change.before, "after": change.after, "note": change.note, "html": change.html,
                "at": change.changed_at, "by": change.changed_by.username if change.changed_by else None,
            }
            for change in selectors.status_changes(idea)
        ]
        text = {"body": first.body if first else "", "html": first.html if first else ""}
        return Response(shown(self.viewer, idea) | text | {"changes": changes})

    @extend_schema(operation_id="ideas_decide", request=DecisionInput, responses={200: dict})
    def patch(self, request: Request, pk: int) -> Response:
        """Decide about an idea; staff only."""
        self.require_sign_in()
        idea = found_idea(self, pk)
        given = DecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        services.idea_set_status(viewer=self.viewer, idea=idea, **given.validated_data)
        return Response(shown(self.viewer, found_idea(self, pk)))


class IdeaVoteApi(ApiView):
    @extend_schema(operation_id="ideas_vote", request=None, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Vote; twice counts once."""
        return self._vote(pk, on=True)

    @extend_schema(operation_id="ideas_unvote", request=None, responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Take the vote back."""
        return self._vote(pk, on=False)

    def _vote(self, pk: int, *, on: bool) -> Response:
        self.require_sign_in()
        idea = services.idea_vote(viewer=self.viewer, idea=found_idea(self, pk), on=on)
        return Response({"id": idea.pk, "votes": idea.vote_count, "voted": on})
