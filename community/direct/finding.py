"""Searching one's own messages: a question to the tables, so that private words are in no index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.text import plain_text
from accounts.viewer import Viewer
from community.direct.models import Message
from search.highlight import excerpt, marked

MOST_WORDS: Final = 8
MOST_FOUND: Final = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A message that holds the words, with those marked; `url` opens its conversation where it stands."""

    subject: SafeString
    words: SafeString
    author: str
    created_at: datetime
    url: str


def messages_with(viewer: Viewer, text: str) -> list[Message]:
    """The latest 50 messages of the viewer's conversations in which, or in whose subject, every word stands.

    One statement over what the viewer takes part in; nothing of what moderators judge is among it. Up to 8 words of
    the text are looked for, each as a part of a word, whatever its case.
    """
    words = text.split()[:MOST_WORDS]
    if not words:
        return []
    rows = Message.objects.shared_with(viewer)
    for word in words:
        rows = rows.filter(Q(body__icontains=word) | Q(conversation__subject__icontains=word))
    return list(rows.select_related("conversation", "author").order_by("-created_at", "-pk")[:MOST_FOUND])


def messages_found(viewer: Viewer, text: str) -> list[Found]:
    """What `messages_with` finds, as the page shows it."""
    words = text.split()[:MOST_WORDS]
    return [_found(message, words) for message in messages_with(viewer, text)]


def _found(message: Message, words: list[str]) -> Found:
    address = reverse("direct:conversation", args=[message.conversation_id])
    return Found(
        subject=marked(message.conversation.subject, words),
        words=excerpt(plain_text(message.html).splitlines(), words),
        author=str(message.author or ""), created_at=message.created_at,
        url=f"{address}?message={message.number}#message-{message.number}",
    )  # fmt: skip
