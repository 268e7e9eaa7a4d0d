"""Opening a case, and whose turn, how urgent and whose work it is."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import User
from accounts.text import all_of, clean_line, clean_source
from accounts.uploads.services import uses_set
from accounts.viewer import Viewer
from community.cases import policies
from community.cases.models import OURS, REPLY_WITHIN, Case, CaseCounter, CaseStatus, Priority
from community.cases.services.links import link_write
from community.cases.services.messages import message_write
from community.forums.models import Topic


@transaction.atomic
def case_create(
    *,
    viewer: Viewer,
    subject: str,
    body: str = "",
    customer: User | None = None,
    topic: Topic | None = None,
    priority: str = Priority.NORMAL,
    owner: User | None = None,
    at: datetime | None = None,
) -> Case:
    """Open a case with the next number. Without a customer it is the topic's author; `body` is a first public message.

    Raises NotAllowed unless an agent who sees the topic, ValidationError by field: subject, body, priority, owner.
    """
    if not policies.can_work(viewer) or (topic is not None and not policies.can_link(viewer, topic)):
        raise NotAllowed(_("Only support agents open cases."))
    line = all_of({
        "subject": lambda: clean_line(subject, field="subject"),
        "priority": lambda: _checked_priority(priority),
        "body": lambda: clean_source(body, required=False),
    })["subject"]
    customer = customer or (topic.author if topic else None)
    _checked_owner(owner)

    now = at or timezone.now()
    serial = _next_serial()
    case = Case(
        serial=serial, number=f"{number_prefix()}-{serial}", subject=line, priority=priority, customer=customer,
        organisation=customer.organisation if customer else None, owner=owner, opened_by_id=viewer.user_id,
        created_at=now, updated_at=now,
    )
    case.reply_due_at = case.due_after(now)
    case.save(force_insert=True)
    if topic is not None:
        link_write(viewer=viewer, case=case, topic=topic, at=now)
    if body:
        message = message_write(case=case, author_id=viewer.user_id, body=body, at=now)
        uses_set(viewer=viewer, target=message, source=message.body, at=now)

    data = {"customer": case.customer_id, "topic": topic.pk if topic else None}
    events.record("case.created", actor=viewer, target=case, data=data, at=now)
    return case


def number_prefix() -> str:
    """The letters before a case's number; given once, a number never changes."""
    return getattr(settings, "CASE_PREFIX", "NL")


def _next_serial() -> int:
    """The next number, under the counter's lock: dense, because a transaction that fails gives its number back."""
    CaseCounter.objects.bulk_create([CaseCounter(pk=1)], ignore_conflicts=True)
    CaseCounter.objects.filter(pk=1).update(last_serial=F("last_serial") + 1)
    return CaseCounter.objects.values_list("last_serial", flat=True).get(pk=1)


@transaction.atomic
def case_set_status(*, viewer: Viewer, case: Case, status: str, at: datetime | None = None) -> Case:
    """Say whose turn it is, or that it is done. The same status again changes nothing.

    Raises NotAllowed unless an agent, ValidationError({"status": …}).
    """
    _worked(viewer)
    if status not in CaseStatus.values:
        raise ValidationError({"status": _("Choose one of: %s.") % ", ".join(CaseStatus.values)})
    locked = Case.objects.select_for_update().get(pk=case.pk)

    return _changed(viewer, locked, "status", status, at)


@transaction.atomic
def case_set_priority(*, viewer: Viewer, case: Case, priority: str, at: datetime | None = None) -> Case:
    """Say how urgent it is; the time for the next answer follows.

    Raises NotAllowed unless an agent, ValidationError({"priority": …}).
    """
    _worked(viewer)
    _checked_priority(priority)
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.reply_due_at:
        asked_at = locked.reply_due_at - REPLY_WITHIN[Priority(locked.priority)]
        locked.reply_due_at = asked_at + REPLY_WITHIN[Priority(priority)]

    return _changed(viewer, locked, "priority", priority, at)


@transaction.atomic
def case_assign(*, viewer: Viewer, case: Case, owner: User | None, at: datetime | None = None) -> Case:
    """Give the case to an agent, or to nobody. Raises NotAllowed, ValidationError({"owner": …}) for a non-agent."""
    _worked(viewer)
    _checked_owner(owner)
    locked = Case.objects.select_for_update().get(pk=case.pk)

    return _changed(viewer, locked, "owner_id", owner.pk if owner else None, at)


def _worked(viewer: Viewer) -> None:
    if not policies.can_work(viewer):
        raise NotAllowed(_("Only support agents change cases."))


def _checked_priority(priority: str) -> None:
    if priority not in Priority.values:
        raise ValidationError({"priority": _("Choose one of: %s.") % ", ".join(Priority.values)})


def _checked_owner(owner: User | None) -> None:
    if owner is not None and not (owner.is_active and owner.roles & {"agent", "admin"}):
        raise ValidationError({"owner": _("Choose a support agent.")})


def _changed(viewer: Viewer, case: Case, field: str, value: str | int | None, at: datetime | None) -> Case:
    """Write one field of a locked case and what follows from it; nothing at all when it is as it was."""
    before = getattr(case, field)
    if before == value:
        return case

    now = at or timezone.now()
    setattr(case, field, value)
    case.updated_at = now
    if field == "status":
        case.solved_at = now if value in {CaseStatus.SOLVED, CaseStatus.CLOSED} else None
        if value not in OURS:
            case.reply_due_at = None
        elif case.reply_due_at is None:
            case.reply_due_at = case.due_after(now)
    case.save(update_fields=["status", "priority", "owner", "updated_at", "solved_at", "reply_due_at"])

    data = {"field": field.removesuffix("_id"), "before": before, "after": value}
    events.record("case.changed", actor=viewer, target=case, data=data, at=now)
    return case
