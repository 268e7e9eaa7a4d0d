"""Telling people, and remembering what they have seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.events.services import target_of
from accounts.ignoring.selectors import deaf_to
from accounts.models import User
from accounts.prepared import counted
from accounts.viewer import Viewer, viewer_for
from community.notifications import live
from community.notifications.models import Inbox, Notification
from community.notifications.registry import MessageKind, message_kind


@transaction.atomic
def notify(
    *,
    kind: str,
    user_ids: Iterable[int],
    actor_id: int | None,
    target: models.Model | tuple[str, int],
    data: dict[str, Any] | None = None,
    key: str,
    thread: str = "",
    at: datetime | None = None,
) -> list[Notification]:
    """Tell people once: a second call with the same key tells nobody again. Returns the rows that are new.

    Left out: the actor, who mutes or ignores the actor, inactive people, and whoever may not see the target (the
    kind's own `resolve` says so). `thread` names the page on which it is seen (`topic:12`; the target itself by
    default): see `thread_seen`.
    Raises LookupError for a kind that no room registered.
    """
    message = message_kind(kind)
    if message is None:
        raise LookupError(f"No room registers the message kind {kind!r}.")
    target_type, target_id = target_of(target)
    draft = {
        "kind": kind, "key": key, "target_type": target_type, "target_id": target_id, "actor_id": actor_id,
        "thread": thread or f"{target_type}:{target_id}", "created_at": at or timezone.now(),
    }
    wanted = set(user_ids) - {actor_id, None}
    drafts = _drafts_for(wanted, message, draft, data or {})

    rows = _numbered(drafts, message, key)

    _publish(rows)
    return rows


def _drafts_for(user_ids: set[int], message: MessageKind, fields: dict, data: dict) -> list[Notification]:
    """Unsaved rows for those who may see what they would be told of."""
    drafts = []
    people = User.objects.filter(pk__in=user_ids, is_active=True)
    if (actor_id := fields["actor_id"]) is not None:
        people = people.exclude(pk__in=deaf_to(actor_id))
    for user in people.order_by("pk"):
        row = Notification(pk=user.pk, user=user, data=dict(data), **fields)
        if row.pk in message.resolve(viewer_for(user), [row]):
            row.pk = None
            drafts.append(row)
    return drafts


def _numbered(drafts: list[Notification], message: MessageKind, key: str) -> list[Notification]:
    """Write the rows with the next numbers, under the lock of each inbox (always in the same order: no deadlock)."""
    user_ids = [draft.user_id for draft in drafts]
    if not user_ids:
        return []
    Inbox.objects.bulk_create([Inbox(user_id=pk) for pk in user_ids], ignore_conflicts=True)
    inboxes = {box.user_id: box for box in Inbox.objects.select_for_update().filter(pk__in=user_ids).order_by("pk")}
    told = set(Notification.objects.filter(user_id__in=user_ids, key=key).values_list("user_id", flat=True))
    rows = [draft for draft in drafts if draft.user_id not in told]
    if message.folds:
        _fold_into(rows)
    for row in rows:
        inboxes[row.user_id].last_number += 1
        row.number = inboxes[row.user_id].last_number
    Inbox.objects.bulk_update([inboxes[row.user_id] for row in rows], ["last_number"], batch_size=500)
    return Notification.objects.bulk_create(rows, batch_size=500)


def _fold_into(rows: list[Notification]) -> None:
    """Let each new row take over the unread one of its kind and thread."""
    if not rows:
        return
    older = Notification.objects.unread().filter(
        user_id__in=[row.user_id for row in rows], kind=rows[0].kind, thread=rows[0].thread
    )
    found = {old.user_id: old for old in older}
    for row in rows:
        old = found.get(row.user_id)
        if old is not None:
            row.count = old.count + 1
            row.data["first"] = old.data.get("first", old.data)
    Notification.objects.filter(pk__in=[old.pk for old in found.values()]).update(is_folded=True)


def _publish(rows: list[Notification]) -> None:
    unread = unread_counts(row.user_id for row in rows)
    for row in rows:
        live.publish(
            f"user.{row.user_id}",
            {"type": "notification", "number": row.number, "unread": unread.get(row.user_id, 0)},
        )


def unread_counts(user_ids: Iterable[int]) -> dict[int, int]:
    """How many unread rows each of these people has; one query."""
    counts = Notification.objects.unread().filter(user_id__in=list(user_ids)).order_by().values("user_id")
    return {row["user_id"]: row["n"] for row in counts.annotate(n=Count("pk"))}


@transaction.atomic
def notification_read(*, viewer: Viewer, notification: Notification) -> None:
    """The person opened it: it and all that was folded into it are read."""
    _read(viewer, Q(pk=notification.pk) | Q(kind=notification.kind, thread=notification.thread, is_folded=True))


def thread_seen(*, viewer: Viewer, thread: str) -> None:
    """The person visited a page (`topic:12`): what waited for them there is read. One statement if nothing did."""
    if viewer.is_signed_in and counted("notifications.waiting", _waiting, viewer, thread=thread):
        _read(viewer, Q(thread=thread))


def _waiting(viewer: Viewer, thread: str) -> QuerySet:
    return Notification.objects.filter(user_id=viewer.user_id, thread=thread, read_at=None)


@transaction.atomic
def all_read(*, viewer: Viewer, up_to: int | None = None) -> None:
    """Everything up to a number is read; what arrived after the list was opened stays new."""
    _read(viewer, Q() if up_to is None else Q(number__lte=up_to))


def _read(viewer: Viewer, which: Q) -> None:
    if viewer.user_id is None:
        return
    changed = Notification.objects.filter(which, user_id=viewer.user_id, read_at=None).update(read_at=timezone.now())
    if changed:
        _publish_count(viewer.user_id)


def _publish_count(user_id: int) -> None:
    """Tell the person's other open pages how many are left."""
    live.publish(f"user.{user_id}", {"type": "unread", "unread": unread_counts([user_id]).get(user_id, 0)})


@transaction.atomic
def notifications_hide(*, viewer: Viewer, ids: Iterable[int]) -> None:
    """What the person may not see any more stops counting; reading the list finds these rows."""
    rows = Notification.objects.filter(pk__in=list(ids), user_id=viewer.user_id, hidden_at=None)
    if rows.update(hidden_at=timezone.now()) and viewer.user_id is not None:
        _publish_count(viewer.user_id)


@transaction.atomic
def notifications_reveal(*, user_id: int | None = None, thread: str = "") -> None:
    """Access may have come back (a member again, a post restored): hidden rows are asked anew on the next reading."""
    rows = Notification.objects.exclude(hidden_at=None)
    rows = rows.filter(thread=thread) if user_id is None else rows.filter(user_id=user_id)
    rows.update(hidden_at=None)


@transaction.atomic
def notifications_rethread(*, target_type: str, ids: Iterable[int], thread: str) -> None:
    """What rows tell of stands on another page now (posts of a topic that was split): visiting that page reads them."""
    Notification.objects.filter(target_type=target_type, target_id__in=list(ids)).update(thread=thread)


@transaction.atomic
def notifications_withdraw(*, keys: Iterable[str]) -> None:
    """What was told is no longer so (a decision undone): unread rows with these keys are taken back."""
    rows = Notification.objects.filter(key__in=list(keys), read_at=None)
    user_ids = list(rows.values_list("user_id", flat=True))
    rows.update(hidden_at=timezone.now(), read_at=timezone.now())
    for user_id in user_ids:
        _publish_count(user_id)
