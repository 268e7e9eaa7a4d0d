"""Events over the API: the calendar, one event, announcing, changing, calling off, answering."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from accounts.text import LIMITS
from community.calendar import selectors, services
from community.calendar.models import CalendarEvent
from community.calendar.plans import EventPlan, clock
from community.calendar.policies import can_join
from community.spaces.models import Space


class ClockField(serializers.CharField):
    """What a clock shows, without an offset."""

    def to_internal_value(self, data: Any) -> datetime:
        try:
            return clock(super().to_internal_value(data), field="time")
        except DjangoValidationError as error:
            raise ValidationError(error.messages) from None


class PlanInput(serializers.Serializer):
    """Times are those of the event's own zone, without an offset."""

    starts = ClockField(help_text="By the clocks of `zone`: 2030-05-17T15:00.")
    ends = ClockField()
    zone = serializers.CharField(max_length=64, help_text="An IANA name, such as Europe/Berlin.")
    place = serializers.CharField(max_length=LIMITS["title"], required=False, allow_blank=True)
    join_url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    join_minutes = serializers.IntegerField(min_value=0, required=False, allow_null=True, help_text="null: always.")


class EventInput(PlanInput):
    space = serializers.SlugField(max_length=60)
    title = serializers.CharField(max_length=LIMITS["body"], trim_whitespace=False)
    body = serializers.CharField(trim_whitespace=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, default=list)


class ChangeInput(PlanInput):
    starts = ClockField(required=False)
    ends = ClockField(required=False)
    zone = serializers.CharField(max_length=64, required=False)
    sequence = serializers.IntegerField(min_value=0, required=False, help_text="The one that was read.")


class AnswerInput(serializers.Serializer):
    answer = serializers.CharField(max_length=8, allow_blank=True, help_text="going, maybe, no, or empty.")


class EventFilter(serializers.Serializer):
    when = serializers.ChoiceField(choices=["next", "past"], default="next")
    space = serializers.SlugField(max_length=60, required=False, default="")


def shown(view: ApiView, event: CalendarEvent) -> dict[str, Any]:
    """An event as the API tells it; `join_url` only to whom a page would show it now."""
    topic = event.topic
    return {
        "id": event.pk, "title": topic.title, "url": settings.SITE_URL + event.get_absolute_url(),
        "space": topic.space.slug, "author": topic.author.username if topic.author else None,
        "starts_at": event.starts.isoformat(), "ends_at": event.ends.isoformat(), "zone": event.zone,
        "place": event.place, "join_url": event.join_url if can_join(view.viewer, event, timezone.now()) else None,
        "is_cancelled": event.is_cancelled, "sequence": event.sequence, "going": event.going_count,
        "maybe": event.maybe_count, "answer": event.answer,
    }  # fmt: skip


def found_event(view: ApiView, pk: int) -> CalendarEvent:
    event = selectors.event_for(view.viewer, pk)
    if event is None:
        raise Http404
    return event


class EventListApi(ApiView):
    @extend_schema(operation_id="events_list", parameters=[EventFilter], responses={200: dict})
    def get(self, request: Request) -> Response:
        """The events to come, the next first; `when=past`: those that are over, the last first."""
        wanted = EventFilter(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        events = selectors.calendar_of(self.viewer, is_past=values["when"] == "past", space=values["space"])
        return page_of(request, events, lambda event: shown(self, event))

    @extend_schema(operation_id="events_create", request=EventInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Announce an event."""
        self.require_sign_in()
        given = EventInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        slug, words = values.pop("space"), {name: values.pop(name) for name in ("title", "body", "tags")}
        space = Space.objects.visible_to(self.viewer).open().filter(slug=slug).first()
        if space is None:
            raise ValidationError({"space": [_("There is no space with this address.")]})
        key = request.headers.get("Idempotency-Key", "")[:64]
        event = services.event_create(
            viewer=self.viewer, space=space, plan=EventPlan(**values), idempotency_key=key, **words
        )
        return Response(shown(self, found_event(self, event.pk)), status=201)


class EventApi(ApiView):
    @extend_schema(operation_id="events_read", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """One event."""
        return Response(shown(self, found_event(self, pk)))

    @extend_schema(operation_id="events_change", request=ChangeInput, responses={200: dict})
    def patch(self, request: Request, pk: int) -> Response:
        """Another time or place; what is not sent stays. 409 where `sequence` is not the last one."""
        self.require_sign_in()
        event = found_event(self, pk)
        given = ChangeInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        sequence = values.pop("sequence", None)
        before = {
            "starts": event.starts.replace(tzinfo=None), "ends": event.ends.replace(tzinfo=None), "zone": event.zone,
            "place": event.place, "join_url": event.join_url, "join_minutes": event.join_minutes,
        }  # fmt: skip
        plan = EventPlan(**before | values)
        services.event_change(viewer=self.viewer, event=event, plan=plan, sequence=sequence)
        return Response(shown(self, found_event(self, pk)))

    @extend_schema(operation_id="events_cancel", responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Call it off; its page stays."""
        self.require_sign_in()
        services.event_cancel(viewer=self.viewer, event=found_event(self, pk))
        return Response(shown(self, found_event(self, pk)))


class AttendanceApi(ApiView):
    @extend_schema(operation_id="events_answer", request=AnswerInput, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Say whether you come; the last answer counts."""
        self.require_sign_in()
        event = found_event(self, pk)
        given = AnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        services.attendance_set(viewer=self.viewer, event=event, **given.validated_data)
        return Response(shown(self, found_event(self, pk)))
