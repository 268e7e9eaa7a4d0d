"""Who may read, start and write: the predicates and tokens that twin the row filters."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import Group
from django.db.models import CharField, QuerySet, Value

from accounts.viewer import TokenRow, Viewer
from community.direct.models import Conversation, Message
from community.direct.querysets import REVIEW
from community.moderation.models import ReviewItem

KNOWN = 1  # the trust level from which people start conversations


def audience(conversation: Conversation) -> frozenset[str]:
    """The tokens that open a conversation: those of its people and of its groups."""
    people = conversation.members.filter(is_invited=True).values_list("user_id", flat=True)
    groups = conversation.groups.values_list("pk", flat=True)
    return frozenset({*(f"user:{pk}" for pk in people), *(f"team:{pk}" for pk in groups)})


def message_audience(message: Message) -> frozenset[str]:
    """Those of its conversation while it stands, and the moderators' where it was flagged."""
    is_flagged = ReviewItem.objects.of("message", message.pk).exists()
    readers = audience(message.conversation) if message.status == "published" else frozenset()
    return readers | ({REVIEW} if is_flagged else frozenset())


def can_see(viewer: Viewer, conversation: Conversation) -> bool:
    return viewer.reads_own and viewer.may_read(audience(conversation))


def can_see_message(viewer: Viewer, message: Message) -> bool:
    return viewer.may_read(message_audience(message))


def can_start(viewer: Viewer) -> bool:
    """Newcomers answer, but do not start: most unwanted messages come from accounts made for them."""
    return viewer.reads_own and (viewer.is_staff or viewer.trust_level >= KNOWN)


def groups_for(viewer: Viewer) -> QuerySet[Group]:
    """The groups that a viewer may write to: their own; managers, who know all groups by name, to each."""
    return Group.objects.all() if viewer.is_manager else Group.objects.filter(pk__in=viewer.group_ids)


def review_rows(viewer: Viewer) -> QuerySet:
    """No rows: who judges flagged messages is told by the role alone."""
    return Group.objects.none().annotate(word=Value("", output_field=CharField())).values_list("pk", "word")


def review_tokens(viewer: Viewer, rows: list[TokenRow]) -> Iterator[str]:
    if viewer.is_moderator:
        yield REVIEW
