"""What conversations tell people: that there is a new message, in one line a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.drafts.contexts import Spot
from accounts.events.models import Event
from accounts.text import excerpt
from accounts.viewer import Viewer
from community.direct.models import Conversation, Message
from community.direct.selectors import readers_of
from community.notifications import live
from community.notifications.models import Notification
from community.notifications.registry import Message as Told
from community.notifications.services import notify


def tell_of_message(event: Event) -> None:
    """Subscriber of message.sent: everybody who takes part."""
    message = Message.objects.select_related("conversation").filter(pk=event.target_id).first()
    if message is None:
        return
    notify(
        kind="message", user_ids=readers_of(message.conversation), actor_id=message.author_id, target=message,
        data={"number": message.number}, key=f"message:{message.pk}",
        thread=f"conversation:{message.conversation_id}", at=event.created_at,
    )  # fmt: skip


def hint_open_page(event: Event) -> None:
    """Subscriber of message.sent: an open conversation hears the number, and fetches what its reader may see."""
    data = event.data
    hint = {"type": "message", "conversation": data["conversation"], "number": data["number"]}
    live.publish(f"conversation.{data['conversation']}", hint)


def may_watch(viewer: Viewer, conversation_id: int) -> bool:
    """Whether a socket may hear that a conversation goes on."""
    return Conversation.objects.visible_to(viewer).filter(pk=conversation_id).exists()


def newest_in(conversation_id: int) -> int:
    """The number of the last message."""
    found = Conversation.objects.filter(pk=conversation_id).values_list("last_number", flat=True).first()
    return found or 0


def resolve_message(viewer: Viewer, rows: list[Notification]) -> dict[int, Told]:
    found = Message.objects.shared_with(viewer).filter(pk__in={row.target_id for row in rows})
    messages = {message.pk: message for message in found.select_related("conversation", "author")}
    return {row.pk: _told(row, messages[row.target_id]) for row in rows if row.target_id in messages}


def _told(row: Notification, message: Message) -> Told:
    name = str(message.author) if message.author else _("Someone who left")
    count = int(getattr(row, "count", 1))
    words = {"name": name, "subject": message.conversation.subject, "n": count}
    text = _("%(name)s wrote to you: “%(subject)s”") % words
    if count > 1:
        text = ngettext(
            "%(n)s new message in “%(subject)s”", "%(n)s new messages in “%(subject)s”", count
        ) % words  # fmt: skip
    return Told(
        text=text, url=message.get_absolute_url(), actor_name=name, excerpt=excerpt(message.html, 140),
        where=_("Messages"),
    )  # fmt: skip


def drafts_of(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    """What drafts of messages belong to."""
    found = Conversation.objects.visible_to(viewer).filter(pk__in=list(ids))
    return {
        row.pk: Spot(_("Message in “%s”") % row.subject, reverse("direct:conversation", args=[row.pk])) for row in found
    }
