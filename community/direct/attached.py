"""Messages as places where files stand: who reads the message may have its pictures and attachments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accounts.uploads.places import Place
from accounts.viewer import Viewer
from community.direct.models import Conversation, ConversationMember, Message
from community.direct.querysets import REVIEW, DirectMessageQuerySet
from community.moderation.models import ReviewItem


class MessagePlace(Place):
    name = "message"

    def every(self) -> DirectMessageQuerySet:
        return Message.objects.all()

    def rows(self, viewer: Viewer) -> DirectMessageQuerySet:
        return Message.objects.visible_to(viewer)

    def audiences(self, ids: Iterable[int]) -> dict[int, frozenset[str]]:
        """As `policies.message_audience` says it of one; four statements for all."""
        rows = list(Message.objects.filter(pk__in=list(ids)).values_list("pk", "conversation", "status"))
        readers = _readers({conversation for _pk, conversation, _status in rows})
        flagged = ReviewItem.objects.filter(target_type="message", target_id__in=[pk for pk, *_rest in rows])
        judged = set(flagged.values_list("target_id", flat=True))
        told = {}
        for pk, conversation, status in rows:
            who = readers[conversation] if status == "published" else set()
            told[pk] = frozenset(who | {REVIEW} if pk in judged else who)
        return told


def _readers(conversations: set[int]) -> dict[int, set[str]]:
    """The tokens of those who take part in each."""
    found: dict[int, set[str]] = defaultdict(set)
    people = ConversationMember.objects.filter(conversation__in=conversations, is_invited=True)
    for conversation, user in people.values_list("conversation", "user"):
        found[conversation].add(f"user:{user}")
    links = Conversation.groups.through.objects.filter(conversation__in=conversations)
    for conversation, group in links.values_list("conversation", "group"):
        found[conversation].add(f"team:{group}")
    return found
