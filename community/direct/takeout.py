"""What a person said in private, in the copy of their data: their own words, and with whom."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_part
from community.direct.models import Conversation, ConversationMember, Message


def register_all() -> None:
    register_part(
        "conversations", label=_("Conversations"), place=20, rows=conversations_of, show=conversations,
        columns=[("direct.ConversationMember", "user"), ("direct.Conversation", "started_by")],
    )  # fmt: skip
    register_part(
        "messages", label=_("Messages that you sent"), place=21, show=messages, columns=[("direct.Message", "author")],
        rows=lambda taker: Message.objects.filter(author=taker.user).select_related("conversation").defer("html"),
    )  # fmt: skip


def conversations_of(taker: Taker):
    mine = ConversationMember.objects.filter(user=taker.user.pk).values("conversation")
    people = ConversationMember.objects.filter(is_invited=True).select_related("user").order_by("pk")
    rows = Conversation.objects.filter(Q(pk__in=mine) | Q(started_by=taker.user.pk))
    return rows.prefetch_related(Prefetch("members", people, to_attr="people"), "groups")


def conversations(taker: Taker, rows: Sequence[Conversation]) -> list[Row]:
    """Who takes part is shown to who does so still."""
    seen = set(Conversation.objects.visible_to(taker.viewer).filter(pk__in=[row.pk for row in rows]))
    return [_conversation(taker, row, is_seen=row in seen) for row in rows]


def _conversation(taker: Taker, row: Conversation, *, is_seen: bool) -> Row:
    is_own = row.started_by_id == taker.user.pk
    told: Row = {"title": row.subject if is_seen or is_own else None, "conversation": row.pk}
    if is_seen:
        told["people"] = [str(member.user) for member in row.people]  # type: ignore[attr-defined]
        told["groups"] = [group.name for group in row.groups.all()]
    return told | {"is_begun_by_you": is_own, "began_at": row.created_at}


def messages(taker: Taker, rows: Sequence[Message]) -> list[Row]:
    ids = {row.conversation_id for row in rows}
    seen = set(Conversation.objects.visible_to(taker.viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        {
            "title": row.conversation.subject if row.conversation_id in seen else None,
            "conversation": row.conversation_id, "sent_at": row.created_at, "status": row.status, "text": row.body,
        }
        for row in rows
    ]  # fmt: skip
