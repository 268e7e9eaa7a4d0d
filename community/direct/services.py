"""The verbs of private conversations; nothing else writes their tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.ignoring.selectors import ignoring
from accounts.models import User
from accounts.text import all_of, clean_line, clean_source, render_markdown
from accounts.uploads.services import uses_set
from accounts.viewer import Viewer
from community.direct import policies
from community.direct.models import Conversation, ConversationMember, Message

MOST_PEOPLE: Final = 30
STARTS_A_DAY: Final = 20
MESSAGES_A_DAY: Final = 300


@transaction.atomic
def conversation_start(
    *, viewer: Viewer, subject: str, body: str, to: Iterable[str], groups: Iterable[int] = (), idempotency_key: str = ""
) -> Conversation:
    """Write to people, by username, and groups, by id: 30 in all, oneself among them.

    The same `idempotency_key` again gives the first conversation. Raises NotAllowed below trust level 1,
    ValidationError by field: to (nobody, unknown, who ignores or is ignored, too many, 20 starts in a day), groups,
    subject, body.
    """
    if not policies.can_start(viewer):
        raise NotAllowed(_("You can write to people once you have been here a little longer."))
    _lock_sender(viewer)
    if sent := _sent_before(viewer, idempotency_key):
        return sent.conversation
    asked = all_of({
        "to": lambda: _asked(viewer, to, groups),
        "subject": lambda: clean_line(subject, field="subject"),
        "body": lambda: clean_source(body),
    })
    people, teams = asked["to"]
    started = Conversation.objects.filter(started_by_id=viewer.user_id, created_at__gt=_a_day_ago())
    if started.count() >= STARTS_A_DAY and not viewer.is_staff:
        raise ValidationError({"to": _("You began %s conversations within a day. Go on tomorrow.") % STARTS_A_DAY})

    now = timezone.now()
    conversation = Conversation.objects.create(
        subject=asked["subject"], started_by_id=viewer.user_id, created_at=now, last_posted_at=now
    )
    conversation.groups.set(teams)
    invited = sorted({*people, viewer.user_id or 0})
    ConversationMember.objects.bulk_create(
        [ConversationMember(conversation=conversation, user_id=pk, is_invited=True) for pk in invited]
    )

    message_send(viewer=viewer, conversation=conversation, body=body, idempotency_key=idempotency_key)
    return conversation


@transaction.atomic
def message_send(*, viewer: Viewer, conversation: Conversation, body: str, idempotency_key: str = "") -> Message:
    """Say something. The same `idempotency_key` again gives the first message.

    Raises NotAllowed for who does not take part, ValidationError({"body": …}), also after 300 messages in a day or
    where nobody would read it because all others ignore the sender, and Conflict when the key was that of a message
    elsewhere.
    """
    if not viewer.is_signed_in or not policies.can_see(viewer, conversation):
        raise NotAllowed(_("You do not take part in this conversation."))
    source = clean_source(body)
    html = render_markdown(source)
    _lock_sender(viewer)
    if sent := _sent_before(viewer, idempotency_key):
        if sent.conversation_id != conversation.pk:
            raise Conflict(_("This was sent before, to others. Send it with a new key."))
        return sent
    today = Message.objects.filter(author_id=viewer.user_id, created_at__gt=_a_day_ago())
    if today.count() >= MESSAGES_A_DAY and not viewer.is_staff:
        raise ValidationError({"body": _("You sent %s messages within a day. Go on tomorrow.") % MESSAGES_A_DAY})
    _check_is_heard(viewer, conversation)

    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    now = timezone.now()
    message = Message.objects.create(
        conversation=locked, number=locked.last_number + 1, author_id=viewer.user_id, body=source, html=html,
        created_at=now, idempotency_key=idempotency_key[:64],
    )  # fmt: skip
    uses_set(viewer=viewer, target=message, source=source, at=now)
    locked.last_number, locked.last_posted_at = message.number, now
    locked.save(update_fields=["last_number", "last_posted_at"])
    ConversationMember.objects.filter(conversation=locked, is_archived=True).update(is_archived=False)
    conversation_read(viewer=viewer, conversation=locked, number=message.number)

    data = {"conversation": locked.pk, "number": message.number}
    events.record("message.sent", actor=viewer, target=message, data=data)
    return message


@transaction.atomic
def people_add(*, viewer: Viewer, conversation: Conversation, to: Iterable[str]) -> None:
    """Let others in; they read what was said before. Raises NotAllowed, ValidationError({"to": …})."""
    if not policies.can_see(viewer, conversation) or not policies.can_start(viewer):
        raise NotAllowed(_("You do not take part in this conversation."))
    people = _people(viewer, to)
    if not people:
        raise ValidationError({"to": _("Say to whom: a username, or a group.")})
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    members = set(locked.members.filter(is_invited=True).values_list("user_id", flat=True))
    if len(members | people) + locked.groups.count() > MOST_PEOPLE:
        raise ValidationError({"to": _("A conversation has %s people at most.") % MOST_PEOPLE})

    for pk in sorted(people - members):
        ConversationMember.objects.update_or_create(conversation=locked, user_id=pk, defaults={"is_invited": True})

    data = {"people": sorted(people - members)}
    events.record("conversation.people_added", actor=viewer, target=locked, data=data)


@transaction.atomic
def conversation_leave(*, viewer: Viewer, conversation: Conversation) -> None:
    """Take part no more. Who also reads by a group still does, so raises ValidationError({"act": …}) for them."""
    if conversation.groups.filter(pk__in=viewer.group_ids).exists():
        raise ValidationError({"act": _("You read this as a member of a group. Put it into the archive instead.")})
    gone = ConversationMember.objects.filter(conversation=conversation, user_id=viewer.user_id or 0, is_invited=True)

    if gone.update(is_invited=False, is_archived=True):
        events.record("conversation.left", actor=viewer, target=conversation)


@transaction.atomic
def conversation_archive(*, viewer: Viewer, conversation: Conversation, on: bool) -> None:
    """Out of the inbox until somebody writes again, or back. For oneself alone, so it leaves no event."""
    if not policies.can_see(viewer, conversation):
        raise NotAllowed(_("You do not take part in this conversation."))
    _mark(viewer, conversation, is_archived=on)


@transaction.atomic
def conversation_read(*, viewer: Viewer, conversation: Conversation, number: int) -> None:
    """Read up to a message; the mark never goes back."""
    mine = ConversationMember.objects.filter(conversation=conversation, user_id=viewer.user_id)
    if not mine.filter(read_to__gte=number).exists():
        _mark(viewer, conversation, read_to=number)


@transaction.atomic
def message_set_status(*, actor_id: int | None, message: Message, status: str) -> None:
    """What a moderation decision does: published or removed. Raises ValidationError({"status": …})."""
    if status not in ("published", "removed"):
        raise ValidationError({"status": _("Choose one of: %s.") % "published, removed"})
    if not Message.objects.filter(pk=message.pk).exclude(status=status).update(status=status):
        return

    events.record("message.status_changed", actor=actor_id, target=message, data={"status": status})


def _mark(viewer: Viewer, conversation: Conversation, **marks: object) -> None:
    ConversationMember.objects.update_or_create(conversation=conversation, user_id=viewer.user_id, defaults=marks)


def _lock_sender(viewer: Viewer) -> None:
    """What one person sends at once is counted one after the other."""
    rows: QuerySet = User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id)
    rows.values_list("pk").first()


def _sent_before(viewer: Viewer, key: str) -> Message | None:
    sent = Message.objects.filter(author_id=viewer.user_id, idempotency_key=key[:64]).select_related("conversation")
    message = sent.first() if key else None
    if message is not None and not policies.can_see(viewer, message.conversation):
        raise NotAllowed(_("This was sent before, and you cannot read it any more."))
    return message


def _asked(viewer: Viewer, to: Iterable[str], groups: Iterable[int]) -> tuple[set[int], list[int]]:
    """Whom a new conversation is for: ids of people, and groups. Raises ValidationError({"to": …})."""
    people, teams = _people(viewer, to), _groups(viewer, groups)
    if not people and not teams:
        raise ValidationError({"to": _("Say to whom: a username, or a group.")})
    if len(people) + len(teams) + 1 > MOST_PEOPLE:
        raise ValidationError({"to": _("A conversation has %s people at most.") % MOST_PEOPLE})
    return people, teams


def _people(viewer: Viewer, to: Iterable[str]) -> set[int]:
    """The ids of these people but for the viewer. Raises ValidationError({"to": …}) for a name that nobody has."""
    names = {clean_line(name, field="to", limit=200, required=False).lstrip("@").lower() for name in to} - {""}
    if len(names) > MOST_PEOPLE:
        raise ValidationError({"to": _("A conversation has %s people at most.") % MOST_PEOPLE})
    found: dict[str, int] = {}
    for name in sorted(names):
        user = User.objects.filter(username__iexact=name, is_active=True).only("pk").first()
        if user is None:
            raise ValidationError({"to": _("There is nobody called “%s” here.") % name[:60]})
        _check_takes_messages(viewer, user)
        found[name] = user.pk
    return set(found.values()) - {viewer.user_id}


def _check_takes_messages(viewer: Viewer, person: User) -> None:
    """Nobody writes to who ignores them, nor to whom they ignore. Raises ValidationError({"to": …})."""
    if viewer.ignores(person.pk):
        raise ValidationError({"to": _("You ignore “%s”. Hear them again before you write.") % person.username})
    if ignoring(viewer.user_id, [person.pk]):
        raise ValidationError({"to": _("“%s” does not take messages from you.") % person.username})


def _check_is_heard(viewer: Viewer, conversation: Conversation) -> None:
    """Somebody besides the sender reads it. Raises ValidationError({"body": …}) where all others ignore them."""
    members = conversation.members.filter(is_invited=True).exclude(user=viewer.user_id)
    others = set(members.values_list("user_id", flat=True))
    if others and others == ignoring(viewer.user_id, others) and not conversation.groups.exists():
        raise ValidationError({"body": _("Nobody in this conversation takes messages from you.")})


def _groups(viewer: Viewer, groups: Iterable[int]) -> list[int]:
    wanted = set(groups)
    found = list(policies.groups_for(viewer).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(found) < len(wanted):
        raise ValidationError({"groups": _("Choose groups that you are in.")})
    return found


def _a_day_ago() -> datetime:
    return timezone.now() - timedelta(days=1)
