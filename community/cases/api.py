"""Cases over the API: agents work on all of them, a customer reads and answers their own."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from accounts.models import User
from accounts.text import LIMITS
from community.cases import selectors, services
from community.cases.forms import person_named
from community.cases.models import Case, CaseMessage, CaseStatus, Priority
from community.cases.querysets import sees_desk
from community.forums.models import Topic


class CaseInput(serializers.Serializer):
    subject = serializers.CharField(max_length=LIMITS["title"])
    body = serializers.CharField(max_length=LIMITS["body"], required=False, allow_blank=True, default="")
    customer = serializers.CharField(max_length=254, required=False, allow_blank=True, default="")
    priority = serializers.ChoiceField(choices=Priority.choices, required=False, default=Priority.NORMAL)
    topic = serializers.IntegerField(required=False, min_value=1)


class CaseChange(serializers.Serializer):
    status = serializers.ChoiceField(choices=CaseStatus.choices, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    owner = serializers.CharField(max_length=254, required=False, allow_blank=True)


class CaseMessageInput(serializers.Serializer):
    body = serializers.CharField(max_length=LIMITS["body"], trim_whitespace=False)
    is_internal = serializers.BooleanField(required=False, default=False)


class CaseTopicInput(serializers.Serializer):
    topic = serializers.IntegerField(min_value=1)


class CaseFilter(serializers.Serializer):
    status = serializers.ChoiceField(choices=CaseStatus.choices, required=False)
    q = serializers.CharField(max_length=LIMITS["search"], required=False, default="")


class CaseApiView(ApiView):
    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        self.require_sign_in()

    def found(self, number: str) -> Case:
        """The case, or 404."""
        return get_object_or_404(Case.objects.visible_to(self.viewer).numbered(number).for_list())

    def topic(self, pk: int) -> Topic:
        """A thread that the viewer sees; raises ValidationError({"topic": …})."""
        topic = Topic.objects.visible_to(self.viewer).select_related("author").filter(pk=pk).first()
        if topic is None:
            raise ValidationError({"topic": _("There is no thread with this id.")})
        return topic

    def person(self, name: str, field: str) -> User | None:
        """Somebody by username or e-mail address; raises ValidationError({field: …}) when nobody has it."""
        person = person_named(name) if name else None
        if name and person is None:
            raise ValidationError({field: _("Nobody has this username or e-mail address.")})
        return person

    def shown(self, case: Case) -> dict:
        """A case as the API tells it; the customer's version has neither priority nor owner."""
        told = {
            "id": case.pk, "number": case.number, "subject": case.subject, "url": _url(case),
            "status": case.status, "customer": case.customer.username if case.customer else None,
            "created_at": case.created_at, "updated_at": case.updated_at,
        }
        if sees_desk(self.viewer):
            told |= {
                "organisation": case.organisation.name if case.organisation else None, "priority": case.priority,
                "owner": case.owner.username if case.owner else None, "reply_due_at": case.reply_due_at,
            }
        return told


class CaseListApi(CaseApiView):
    @extend_schema(operation_id="cases_list", parameters=[CaseFilter], responses={200: dict})
    def get(self, request: Request) -> Response:
        """The cases that the caller may see, latest first."""
        wanted = CaseFilter(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        cases = selectors.narrowed(self.viewer, text=wanted.validated_data["q"])
        if "status" in wanted.validated_data:
            cases = cases.filter(status=wanted.validated_data["status"])
        return page_of(request, cases.for_list().latest_first(), self.shown)

    @extend_schema(operation_id="cases_create", request=CaseInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Open a case; agents only. With `topic`, the thread is linked and its author is the customer."""
        given = CaseInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        topic = self.topic(values.pop("topic")) if "topic" in values else None
        customer = self.person(values.pop("customer"), "customer") if sees_desk(self.viewer) else None
        values.pop("customer", None)
        case = services.case_create(viewer=self.viewer, topic=topic, customer=customer, **values)
        return Response(self.shown(self.found(case.number)), status=201)


class CaseApi(CaseApiView):
    @extend_schema(operation_id="cases_read", responses={200: dict})
    def get(self, request: Request, number: str) -> Response:
        """One case with its messages and threads."""
        case = self.found(number)
        page = selectors.case_page(self.viewer, case)
        topics = [{"id": topic.pk, "title": topic.title, "url": _url(topic)} for topic in page.topics]
        return Response(self.shown(case) | {"topics": topics, "messages": [_message(row) for row in page.messages]})

    @extend_schema(operation_id="cases_change", request=CaseChange, responses={200: dict})
    @transaction.atomic
    def patch(self, request: Request, number: str) -> Response:
        """Change status, priority or owner; agents only."""
        case = self.found(number)
        given = CaseChange(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        if "owner" in values:
            services.case_assign(viewer=self.viewer, case=case, owner=self.person(values["owner"], "owner"))
        if "priority" in values:
            services.case_set_priority(viewer=self.viewer, case=case, priority=values["priority"])
        if "status" in values:
            services.case_set_status(viewer=self.viewer, case=case, status=values["status"])
        return Response(self.shown(self.found(number)))


class CaseMessageApi(CaseApiView):
    @extend_schema(operation_id="cases_message", request=CaseMessageInput, responses={201: dict})
    def post(self, request: Request, number: str) -> Response:
        """Write into a case; internal notes at the desk only."""
        case = self.found(number)
        given = CaseMessageInput(data=request.data)
        given.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "")
        row = services.message_add(viewer=self.viewer, case=case, idempotency_key=key, **given.validated_data)
        return Response(_message(row), status=201)


class CaseTopicsApi(CaseApiView):
    @extend_schema(operation_id="cases_link", request=CaseTopicInput, responses={201: dict})
    def post(self, request: Request, number: str) -> Response:
        """Link a thread; agents only."""
        case = self.found(number)
        given = CaseTopicInput(data=request.data)
        given.is_valid(raise_exception=True)
        link = services.case_link(viewer=self.viewer, case=case, topic=self.topic(given.validated_data["topic"]))
        return Response({"case": case.number, "topic": link.topic_id, "linked_at": link.linked_at}, status=201)


class CaseTopicApi(CaseApiView):
    @extend_schema(operation_id="cases_unlink", responses={204: None})
    def delete(self, request: Request, number: str, topic: int) -> Response:
        """Unlink a thread; agents only."""
        found = get_object_or_404(Topic.objects.visible_to(self.viewer), pk=topic)
        services.case_unlink(viewer=self.viewer, case=self.found(number), topic=found)
        return Response(status=204)


def _url(thing: Case | Topic) -> str:
    return settings.SITE_URL + thing.get_absolute_url()


def _message(row: CaseMessage) -> dict:
    return {
        "id": row.pk, "author": row.author.username if row.author else None, "body": row.body, "html": row.html,
        "is_internal": row.is_internal, "created_at": row.created_at,
    }
