"""Private conversations from another house, with their dates and marks; nobody is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.events import services as events
from accounts.text import clean_line, clean_source, render_markdown
from community.direct.models import Conversation, ConversationMember, Message


@dataclass(frozen=True, slots=True)
class MemberRow:
    """As `ConversationMember`; `read_to` counts messages from 1."""

    user_id: int
    is_invited: bool
    is_archived: bool
    read_to: int


@dataclass(frozen=True, slots=True)
class MessageRow:
    """Markdown of at most 32,000 characters."""

    body: str
    author_id: int | None
    created_at: datetime
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """Those who were invited and those in the groups read it, as everywhere; nobody else does."""

    subject: str
    started_by_id: int | None
    created_at: datetime
    members: Sequence[MemberRow]
    messages: Sequence[MessageRow]
    group_ids: Sequence[int] = ()


def clean_conversation(row: ConversationRow) -> tuple[str, list[tuple[str, str]]]:
    """The subject, and of each message source and HTML. Raises ValidationError({"subject" | "body": …})."""
    sources = [clean_source(message.body) for message in row.messages]
    return clean_line(row.subject, field="subject"), [(source, render_markdown(source)) for source in sources]


@transaction.atomic
def conversation_import(*, row: ConversationRow) -> Conversation:
    """Bring in a conversation, its messages numbered from 1. Once a call: who imports remembers what came in.

    Raises ValidationError as `clean_conversation`; then nothing of it is stored.
    """
    subject, texts = clean_conversation(row)
    conversation = Conversation.objects.create(
        subject=subject, started_by_id=row.started_by_id, created_at=row.created_at, last_number=len(row.messages),
        last_posted_at=max((message.created_at for message in row.messages), default=row.created_at),
    )  # fmt: skip
    conversation.groups.set(row.group_ids)
    members = {member.user_id: member for member in row.members}
    ConversationMember.objects.bulk_create(
        ConversationMember(
            conversation=conversation, user_id=member.user_id, is_invited=member.is_invited,
            is_archived=member.is_archived, read_to=min(member.read_to, len(row.messages)),
        )
        for member in members.values()
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(
            conversation=conversation, number=number, author_id=message.author_id, body=source, html=html,
            created_at=message.created_at, status="removed" if message.is_removed else "published",
        )
        for number, (message, (source, html)) in enumerate(zip(row.messages, texts, strict=True), start=1)
    )  # fmt: skip

    with events.quietly():
        data = {"messages": len(row.messages), "imported": True}
        events.record("conversation.imported", actor=row.started_by_id, target=conversation, data=data)
    return conversation
