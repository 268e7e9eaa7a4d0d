"""What moderators do to topics, under /api/v1/."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from community.forums import policies, selectors, services
from community.forums.forms import ActForm, topic_named
from community.forums.models import Topic, TopicAct
from community.forums.serializers import ActInput, SplitInput, show_act


class TopicActsApi(ApiView):
    @extend_schema(operation_id="topics_act", request=ActInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Close, pin, archive, unlist, move, merge … up to 100 topics, all or none. The answer's `id` undoes it."""
        self.require_sign_in()
        sent = ActInput(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        topics = list(Topic.objects.visible_to(self.viewer).filter(pk__in=data["topics"]))
        if len(topics) != len(set(data["topics"])):
            raise ValidationError({"topics": _("One of these topics does not exist.")})
        form = ActForm(data)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        options = form.options(self.viewer)
        act = services.topics_act(viewer=self.viewer, topics=topics, act=data["act"], options=options)
        return Response(show_act(act), status=201)


class TopicActApi(ApiView):
    @extend_schema(operation_id="topics_act_undo", responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Set back what it changed, within an hour, on every topic that nobody changed since."""
        self.require_sign_in()
        act = get_object_or_404(TopicAct, pk=pk)
        topics = [row.topic for row in act.rows.select_related("topic")]
        if not topics or not all(policies.can_moderate(self.viewer, topic) for topic in topics):
            raise Http404
        services.act_undo(viewer=self.viewer, act=act)
        act.refresh_from_db()
        return Response(show_act(act))


class TopicSplitApi(ApiView):
    @extend_schema(operation_id="topics_split", request=SplitInput, responses={201: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Move replies, by their numbers, to a new topic (`title`) or to one that is there (`into`)."""
        self.require_sign_in()
        topic = selectors.topic_for_page(self.viewer, pk)
        if topic is None:
            raise Http404
        sent = SplitInput(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        into = topic_named(self.viewer, data["into"], field="into") if data.get("into") else None
        act = services.split_act(
            viewer=self.viewer, topic=topic, numbers=data["posts"], title=data["title"], into=into
        )
        return Response(show_act(act), status=201)
