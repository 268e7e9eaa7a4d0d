"""Telling people, and remembering what they have seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.events.services import target_of
from accounts.ignoring.selectors import deaf
from accounts.models import User
from accounts.prepared import counted
from accounts.viewer import Viewer, viewer_for
from community.notifications import live
from community.notifications.models import Inbox, Notification
from community.notifications.registry import MessageKind, message_kind


@dataclass(frozen=True, slots=True)
class Telling:
    """What some people are to be told, once each.

    `target` is a row or its `(type, id)`, `key` says what was told, `thread` names the page on which it is seen
    (`topic:12`; the target itself by default): see `thread_seen`.
    """

    kind: str
    user_ids: Collection[int]
    actor_id: int | None
    target: models.Model | tuple[str, int]
    key: str
    thread: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None

    def drafts(self) -> list[Notification]:
        """A row for each person but the actor, without a number and without asking whether they may see the target."""
        target_type, target_id = target_of(self.target)
        same = {
            "kind": self.kind, "key": self.key, "target_type": target_type, "target_id": target_id,
            "actor_id": self.actor_id, "thread": self.thread or f"{target_type}:{target_id}",
            "created_at": self.at or timezone.now(),
        }
        wanted = sorted(set(self.user_ids) - {self.actor_id, None})
        return [Notification(user_id=user_id, data=dict(self.data), **same) for user_id in wanted]


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
    """Tell people of one thing; see `Telling` and `notify_all`."""
    return notify_all([Telling(kind, set(user_ids), actor_id, target, key, thread, data or {}, at)])


@transaction.atomic(savepoint=False)  # what cannot be told takes its whole errand back
def notify_all(tellings: Iterable[Telling]) -> list[Notification]:
    """Tell people once: a second telling with the same key tells nobody again. Returns the rows that are new.

    Many tellings cost little more than one; each person gets theirs in the order given. Left out: the actor, who
    mutes or ignores the actor, inactive people, and whoever may not see the target (the kind says so). Raises
    LookupError for a kind that no room registered.
    """
    tellings = list(tellings)
    for telling in tellings:
        if message_kind(telling.kind) is None:
            raise LookupError(f"No room registers the message kind {telling.kind!r}.")
    rows = _numbered(_seen(_wanted([draft for telling in tellings for draft in telling.drafts()])))
    _publish(rows)
    return rows


def _wanted(drafts: list[Notification]) -> list[Notification]:
    """Without those about somebody of whom their person does not want to hear."""
    actors = {draft.actor_id for draft in drafts if draft.actor_id is not None}
    unheard = deaf({draft.user_id for draft in drafts}, actors) if actors else set()
    return [draft for draft in drafts if (draft.user_id, draft.actor_id) not in unheard]


_ASKED_OF_PEOPLE: Final = (
    "username", "display_name", "is_active", "is_superuser", "is_moderator", "is_agent", "is_manager", "trust_level",
    "organisation_id",
)  # fmt: skip


def _seen(drafts: list[Notification]) -> list[Notification]:
    """Of unsaved rows those whose people may see what they would be told of, in their order."""
    people = User.objects.filter(pk__in={draft.user_id for draft in drafts}, is_active=True).only(*_ASKED_OF_PEOPLE)
    viewers = {user.pk: viewer_for(user) for user in people} if drafts else {}
    asked: dict[tuple[int, str], list[Notification]] = defaultdict(list)
    for place, draft in enumerate(drafts, start=1):
        draft.pk = place  # a number to be answered by
        if draft.user_id in viewers:
            asked[draft.user_id, draft.kind].append(draft)
    seen: set[int] = set()
    readers = _readers(drafts)
    for (user_id, kind), rows in asked.items():
        seen |= readers[kind](viewers[user_id], rows)
    kept = [draft for draft in drafts if draft.pk in seen]
    for draft in drafts:
        draft.pk = None
    return kept


def _readers(drafts: list[Notification]) -> dict[str, Callable[[Viewer, list[Notification]], set[int]]]:
    """By kind, what tells which rows a viewer may see: by targets that are read once, where the kind offers that."""
    targets: dict[str, set[int]] = defaultdict(set)
    for draft in drafts:
        targets[draft.kind].add(draft.target_id)
    return {kind: _reader(message_kind(kind), ids) for kind, ids in targets.items()}


def _reader(kind: MessageKind | None, ids: set[int]) -> Callable[[Viewer, list[Notification]], set[int]]:
    assert kind  # noqa: S101 (asked for before)
    if kind.readers is None:
        resolve = kind.resolve
        return lambda viewer, rows: set(resolve(viewer, rows))
    may_see = kind.readers(ids)
    return lambda viewer, rows: {row.pk for row in rows if may_see(viewer, row.target_id)}


def _numbered(drafts: list[Notification]) -> list[Notification]:
    """Write the rows with the next numbers, under the lock of each inbox (always in the same order: no deadlock)."""
    if not drafts:
        return []
    user_ids = {draft.user_id for draft in drafts}
    inboxes = _locked(user_ids)
    if missing := user_ids - inboxes.keys():
        Inbox.objects.bulk_create([Inbox(user_id=pk) for pk in sorted(missing)], ignore_conflicts=True)
        inboxes |= _locked(missing)
    rows = _not_told(drafts)
    _fold([row for row in rows if (kind := message_kind(row.kind)) and kind.folds])
    grown: dict[int, int] = defaultdict(int)
    for row in rows:
        grown[row.user_id] += 1
        row.number = inboxes[row.user_id].last_number + grown[row.user_id]
    for step in set(grown.values()):
        ids = [pk for pk, by in grown.items() if by == step]
        Inbox.objects.filter(pk__in=ids).update(last_number=F("last_number") + step)
    return Notification.objects.bulk_create(rows, batch_size=500)


def _locked(user_ids: Collection[int]) -> dict[int, Inbox]:
    return {box.user_id: box for box in Inbox.objects.select_for_update().filter(pk__in=user_ids).order_by("pk")}


def _not_told(drafts: list[Notification]) -> list[Notification]:
    """Those whose person was not told of their key before, nor earlier among them."""
    keys, people = {draft.key for draft in drafts}, {draft.user_id for draft in drafts}
    told = set(Notification.objects.filter(user_id__in=people, key__in=keys).values_list("user_id", "key"))
    rows = []
    for draft in drafts:
        if (draft.user_id, draft.key) not in told:
            told.add((draft.user_id, draft.key))
            rows.append(draft)
    return rows


def _fold(rows: list[Notification]) -> None:
    """Let each new row take over the unread one of its kind and thread, written earlier or just before it."""
    if not rows:
        return
    older = Notification.objects.unread().filter(
        user_id__in={row.user_id for row in rows}, kind__in={row.kind for row in rows},
        thread__in={row.thread for row in rows},
    )
    newest = {(old.user_id, old.kind, old.thread): old for old in older.order_by("number")}
    folded = []
    for row in rows:
        old = newest.get((row.user_id, row.kind, row.thread))
        if old is not None:
            row.count = old.count + 1
            row.data["first"] = old.data.get("first", old.data)
            old.is_folded = True
            folded.append(old.pk)
        newest[row.user_id, row.kind, row.thread] = row
    Notification.objects.filter(pk__in=[pk for pk in folded if pk is not None]).update(is_folded=True)


def _publish(rows: list[Notification]) -> None:
    if not rows:
        return
    unread = unread_counts({row.user_id for row in rows})
    live.publish_all(
        (f"user.{row.user_id}", {"type": "notification", "number": row.number, "unread": unread.get(row.user_id, 0)})
        for row in rows
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
