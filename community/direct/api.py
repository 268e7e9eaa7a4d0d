"""Private conversations under /api/v1/; a token needs the scope `private`."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, number_after
from community.direct import selectors, services
from community.direct.finding import messages_with
from community.direct.models import Conversation, Message


class MessageIn(serializers.Serializer):
    body = serializers.CharField(trim_whitespace=False)


class ConversationIn(MessageIn):
    subject = serializers.CharField(trim_whitespace=False)
    to = serializers.ListField(child=serializers.CharField(max_length=200), max_length=30, default=list)
    groups = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1), max_length=30, default=list
    )


class ConversationListApi(ApiView):
    @extend_schema(operation_id="conversations_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """Your conversations, the latest first, 100 at most; `box` is inbox, sent or archive."""
        self.require_sign_in()
        name = request.query_params.get("box", "inbox")
        if name not in selectors.BOXES:
            raise ValidationError({"box": _("Choose one of: %s.") % ", ".join(selectors.BOXES)})
        return Response({"results": [_show(row) for row in selectors.box(self.viewer, name)]})

    @extend_schema(operation_id="conversations_start", request=ConversationIn, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Write to people and groups. An `Idempotency-Key` header makes a repeat answer with the first one."""
        self.require_sign_in()
        form = ConversationIn(data=request.data)
        form.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "")
        started = services.conversation_start(viewer=self.viewer, idempotency_key=key, **form.validated_data)
        return Response({"id": started.pk, "subject": started.subject}, status=201)


class MessageSearchApi(ApiView):
    @extend_schema(operation_id="messages_search", responses={200: dict})
    def get(self, request: Request) -> Response:
        """The latest 50 of your messages that hold every word of `q`, themselves or in their subject."""
        self.require_sign_in()
        found = messages_with(self.viewer, request.query_params.get("q", "").replace("\0", " ")[:200])
        return Response({"results": [_show_message(one) | {"conversation": one.conversation_id} for one in found]})


class MessageListApi(ApiView):
    @extend_schema(operation_id="messages_list", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """The messages after number `after`, the last 500 at most. Reading here marks nothing as read."""
        after = number_after(request, _("Must be the number of a message."))
        found = selectors.messages_of(self.viewer, self._conversation(pk), after=after)
        return Response({"results": [_show_message(message) for message in found]})

    @extend_schema(operation_id="messages_send", request=MessageIn, responses={201: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Say something."""
        self.require_sign_in()
        conversation = self._conversation(pk)
        form = MessageIn(data=request.data)
        form.is_valid(raise_exception=True)
        message = services.message_send(
            viewer=self.viewer, conversation=conversation, body=form.validated_data["body"],
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )  # fmt: skip
        return Response(_show_message(message), status=201)

    def _conversation(self, pk: int) -> Conversation:
        return get_object_or_404(Conversation.objects.visible_to(self.viewer), pk=pk)


def _show(row: Conversation) -> dict:
    return {
        "id": row.pk, "subject": row.subject, "last_posted_at": row.last_posted_at, "last_number": row.last_number,
        "is_unread": row.is_unread, "people": [member.user.username for member in row.people],  # type: ignore[attr-defined]
        "groups": [group.name for group in row.groups.all()],
    }  # fmt: skip


def _show_message(message: Message) -> dict:
    return {
        "id": message.pk, "number": message.number, "author": message.author.username if message.author else None,
        "body": message.body, "html": message.html, "created_at": message.created_at,
    }  # fmt: skip
