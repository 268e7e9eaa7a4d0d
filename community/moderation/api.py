"""`/api/v1/flags` and `/api/v1/reviews`: the same services as the pages."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_number
from community.moderation import policies, selectors, services
from community.moderation.models import Flag, Reason, ReviewDecision, ReviewItem


class FlagInput(serializers.Serializer):
    target = serializers.RegexField(r"^[a-z_]{1,40}:[1-9][0-9]{0,17}$", help_text="`post:12`")
    reason = serializers.ChoiceField(choices=Reason)
    note = serializers.CharField(required=False, allow_blank=True, max_length=services.NOTE_LIMIT, default="")


class FlagShape(serializers.Serializer):
    id = serializers.IntegerField()
    target = serializers.CharField()
    reason = serializers.CharField()
    state = serializers.CharField()
    created_at = serializers.DateTimeField()


class ReviewShape(serializers.Serializer):
    id = serializers.IntegerField()
    target = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    score = serializers.FloatField()
    flags = serializers.IntegerField()
    title = serializers.CharField()
    excerpt = serializers.CharField()
    url = serializers.CharField()
    author = serializers.CharField()
    space = serializers.CharField()
    opened_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)


class ReviewPage(serializers.Serializer):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    results = ReviewShape(many=True)


class DecisionInput(serializers.Serializer):
    action = serializers.ChoiceField(choices=ReviewDecision.Action)
    version = serializers.IntegerField(min_value=1, help_text="The version that was looked at; 409 when it is old.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=services.NOTE_LIMIT, default="")


class DecisionShape(serializers.Serializer):
    id = serializers.IntegerField()
    review = serializers.IntegerField()
    action = serializers.CharField()
    created_at = serializers.DateTimeField()
    undo_until = serializers.DateTimeField()


class FlagListApi(ApiView):
    """POST: report something."""

    @extend_schema(request=FlagInput, responses={201: FlagShape})
    def post(self, request: Request) -> Response:
        self.require_sign_in()
        given = FlagInput(data=request.data)
        given.is_valid(raise_exception=True)
        kind, _colon, pk = given.validated_data["target"].partition(":")
        flag = services.flag_create(
            viewer=self.viewer, target=(kind, int(pk)), reason=given.validated_data["reason"],
            note=given.validated_data["note"],
        )
        return Response(_flag_shown(flag), status=201)


class ReviewListApi(ApiView):
    """GET: the queue of this person, `?state=open` (heaviest first) or `?state=decided`."""

    @extend_schema(
        responses=ReviewPage,
        parameters=[OpenApiParameter("state", enum=["open", "decided"]), OpenApiParameter("page", int)],
    )
    def get(self, request: Request) -> Response:
        self.require_sign_in()
        if not policies.can_review(self.viewer):
            raise Http404
        decided = request.query_params.get("state") == "decided"
        rows, page = selectors.queue(self.viewer, decided=decided, page=page_number(request))
        return Response({"total": page.paginator.count, "page": page.number, "results": [_shown(row) for row in rows]})


class ReviewDecideApi(ApiView):
    """POST: keep or remove."""

    @extend_schema(request=DecisionInput, responses={201: DecisionShape})
    def post(self, request: Request, pk: int) -> Response:
        self.require_sign_in()
        item = get_object_or_404(ReviewItem.objects.visible_to(self.viewer), pk=pk)
        given = DecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        decision = services.review_decide(viewer=self.viewer, item=item, **given.validated_data)
        return Response(_decision_shown(decision), status=201)


class ReviewUndoApi(ApiView):
    """POST: take the standing decision back, within ten minutes."""

    @extend_schema(request=None, responses=DecisionShape)
    def post(self, request: Request, pk: int) -> Response:
        self.require_sign_in()
        item = get_object_or_404(ReviewItem.objects.visible_to(self.viewer), pk=pk)
        decision = get_object_or_404(item.decisions.filter(undone_at=None)[:1])
        services.review_undo(viewer=self.viewer, decision=decision)
        return Response(_decision_shown(decision))


def _flag_shown(flag: Flag) -> dict:
    return {
        "id": flag.pk, "target": str(flag.item), "reason": flag.reason, "state": flag.state,
        "created_at": flag.created_at,
    }


def _decision_shown(decision: ReviewDecision) -> dict:
    return {
        "id": decision.pk, "review": decision.item_id, "action": decision.action,
        "created_at": decision.created_at, "undo_until": decision.undo_until,
    }


def _shown(row: selectors.Row) -> dict:
    item, card = row.item, row.card
    return {
        "id": item.pk, "target": str(item), "state": item.state, "version": item.version, "score": item.score,
        "flags": item.flag_count, "title": card.title, "excerpt": card.excerpt, "url": card.url,
        "author": card.author_name, "space": card.container_name, "opened_at": item.opened_at,
        "decided_at": item.decided_at, "decided_by": str(item.decided_by) if item.decided_by else None,
    }
