"""What erasing a person does to private messages: the other side keeps its thread, from somebody who left."""

from __future__ import annotations

from accounts.erasing.rules import Rows, leave_empty, let_go, register_link, register_text
from community.direct.models import Conversation, ConversationMember


def register_all() -> None:
    register_link("direct.Message", "author", leave_empty)
    register_link("direct.Conversation", "started_by", leave_empty)
    register_link("direct.ConversationMember", "user", places_go)
    register_text("direct.Conversation", "subject")
    register_text("direct.Message", "body", "html")


def places_go(rows: Rows, field: str) -> None:
    """A conversation in which nobody is left to read it goes with its last member."""
    let_go(rows, field)
    left = ConversationMember.objects.filter(conversation__in={row.conversation_id for row in rows})
    kept = set(left.values_list("conversation", flat=True))
    alone = Conversation.objects.filter(pk__in={row.conversation_id for row in rows} - kept, groups=None)
    alone.delete()
