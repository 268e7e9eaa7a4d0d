"""How moderation sees a message that somebody flagged: it alone, nothing around it."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.text import excerpt
from accounts.viewer import Viewer
from community.direct.models import Message
from community.direct.services import message_set_status
from community.moderation.handlers import ReviewCard, ReviewHandler


class MessageReview(ReviewHandler):
    """Whoever takes part may flag what others wrote."""

    def load(self, ids: Iterable[int], viewer: Viewer) -> dict[int, ReviewCard]:
        rows = Message.objects.visible_to(viewer).filter(pk__in=list(ids)).select_related("author")
        return {message.pk: _card(message) for message in rows}

    def may_flag(self, viewer: Viewer, target_id: int) -> bool:
        return Message.objects.shared_with(viewer).filter(pk=target_id).exists()

    def container_token(self, target_id: int) -> str:
        if not Message.objects.filter(pk=target_id).exists():
            raise Http404
        return "messages:1"

    def author_id(self, target_id: int) -> int | None:
        return Message.objects.filter(pk=target_id).values_list("author_id", flat=True).first()

    def apply(self, target_id: int, status: str, actor_id: int | None) -> None:
        message = Message.objects.filter(pk=target_id).first()
        if message is None:
            raise Http404
        message_set_status(actor_id=actor_id, message=message, status=status)


def _card(message: Message) -> ReviewCard:
    return ReviewCard(
        title=_("Private message"), html=message.html, url=reverse("moderation:queue"),
        author_name=str(message.author) if message.author else _("Someone who left"), author_id=message.author_id,
        container_name=_("Messages"), kind_label=_("Message"), excerpt=excerpt(message.html, 120),
        status=message.status, created_at=message.created_at,
    )  # fmt: skip
