"""Reading conversations for pages: each selector is a constant number of statements."""

from __future__ import annotations

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.viewer import Viewer
from community.direct.models import Conversation, ConversationMember, Message

MOST: int = 100
MOST_MESSAGES: int = 500
BOXES = ("inbox", "sent", "archive")


def box(viewer: Viewer, name: str) -> list[Conversation]:
    """The latest conversations of a box, 100 at most, with their people; three statements."""
    rows = _marked(viewer)
    match name:
        case "archive":
            rows = rows.filter(is_put_away=True)
        case "sent":
            rows = rows.filter(started_by=viewer.user_id or 0)
        case _:
            rows = rows.filter(is_put_away=False)
    people = ConversationMember.objects.filter(is_invited=True).select_related("user").order_by("pk")
    rows = rows.select_related("started_by").prefetch_related(Prefetch("members", people, to_attr="people"), "groups")
    found: list[Conversation] = list(rows.order_by("-last_posted_at", "-pk")[:MOST])
    for conversation in found:
        conversation.is_unread = conversation.read_to < conversation.last_number
    return found


def unread_count(viewer: Viewer) -> int:
    """How many conversations of the inbox hold something new; one statement."""
    return _marked(viewer).filter(is_put_away=False, read_to__lt=F("last_number")).count()


def messages_of(
    viewer: Viewer, conversation: Conversation, *, after: int = 0, upto: int | None = None
) -> list[Message]:
    """The last 500 messages that this viewer reads, of those up to a number where one is given; one statement."""
    rows = Message.objects.visible_to(viewer).filter(conversation=conversation, number__gt=after, status="published")
    rows = rows if upto is None else rows.filter(number__lte=upto)
    return list(rows.select_related("author").order_by("-number")[:MOST_MESSAGES])[::-1]


def readers_of(conversation: Conversation) -> set[int]:
    """The ids of all who take part, by name or by a group."""
    people = conversation.members.filter(is_invited=True).values_list("user_id", flat=True)
    of_groups = User.objects.filter(groups__in=conversation.groups.values("pk"), is_active=True)
    return {*people, *of_groups.values_list("pk", flat=True)}


def _marked(viewer: Viewer) -> QuerySet[Conversation]:
    mine = ConversationMember.objects.filter(conversation=OuterRef("pk"), user_id=viewer.user_id or 0)
    return Conversation.objects.visible_to(viewer).annotate(  # type: ignore[no-redef]
        read_to=Coalesce(Subquery(mine.values("read_to")[:1]), Value(0)),
        is_put_away=Coalesce(Subquery(mine.values("is_archived")[:1]), Value(False)),
    )
