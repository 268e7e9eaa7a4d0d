"""What is said in a case: to the customer, among staff, and by the product itself."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.text import LIMITS, clean_source, render_markdown
from accounts.uploads.services import uses_set
from accounts.viewer import Viewer
from community.cases import policies
from community.cases.models import Case, CaseMessage, CaseStatus


@transaction.atomic
def message_add(
    *,
    viewer: Viewer,
    case: Case,
    body: str,
    is_internal: bool = False,
    status: str = "",
    at: datetime | None = None,
    idempotency_key: str = "",
) -> CaseMessage:
    """Write to the customer, or a note among staff. Whose turn it is follows; `status` says it otherwise (agents only).

    Raises NotAllowed where the viewer may not write this, ValidationError by field: body, status. The same
    `idempotency_key` again returns the first message.
    """
    is_allowed = policies.can_note(viewer, case) if is_internal else policies.can_answer(viewer, case)
    if not is_allowed or (status and not policies.can_work(viewer)):
        raise NotAllowed(_("This case takes no message from you."))
    if status and status not in CaseStatus.values:
        raise ValidationError({"status": _("Choose one of: %s.") % ", ".join(CaseStatus.values)})
    locked = Case.objects.select_for_update().get(pk=case.pk)
    key = f"by {viewer.user_id}: {idempotency_key}"[:80] if idempotency_key else ""
    if key:
        already = CaseMessage.objects.filter(case=locked, idempotency_key=key).first()
        if already:
            return already

    now = at or timezone.now()
    is_staff_speaking = locked.customer_id != viewer.user_id
    message = message_write(
        case=locked, author_id=viewer.user_id, body=body, is_internal=is_internal, at=now, key=key
    )
    uses_set(viewer=viewer, target=message, source=message.body, at=now)
    before = locked.status
    _turn(locked, status or _whose_turn(locked, is_internal, is_staff_speaking), now)
    if not is_internal and is_staff_speaking:
        locked.first_answered_at = locked.first_answered_at or now
    locked.save(update_fields=["status", "updated_at", "reply_due_at", "first_answered_at", "solved_at"])

    data = {"message": message.pk, "internal": is_internal, "by_customer": not is_staff_speaking}
    events.record("case.message_added", actor=viewer, target=locked, data=data, at=now)
    if locked.status != before:
        change = {"field": "status", "before": before, "after": locked.status}
        events.record("case.changed", actor=viewer, target=locked, data=change, at=now)
    return message


def _whose_turn(case: Case, is_internal: bool, is_staff_speaking: bool) -> str:
    """After an answer it is the customer's turn, after the customer's message ours; a note changes nothing."""
    if is_internal:
        return case.status
    if is_staff_speaking:
        return CaseStatus.WAITING if case.status in {CaseStatus.NEW, CaseStatus.OPEN} else case.status
    return case.status if case.status == CaseStatus.NEW else CaseStatus.OPEN


def _turn(case: Case, status: str, now: datetime) -> None:
    case.status, case.updated_at = status, now
    if status not in {CaseStatus.NEW, CaseStatus.OPEN}:
        case.reply_due_at = None
    elif case.reply_due_at is None:
        case.reply_due_at = case.due_after(now)
    case.solved_at = (case.solved_at or now) if status in {CaseStatus.SOLVED, CaseStatus.CLOSED} else None


def message_write(
    *,
    case: Case,
    author_id: int | None,
    body: str,
    at: datetime,
    is_internal: bool = False,
    is_system: bool = False,
    key: str = "",
) -> CaseMessage:
    """The row itself, checked and rendered; part of a service. Raises ValidationError({"body": …})."""
    source = clean_source(body, field="body", limit=LIMITS["body"])
    return CaseMessage.objects.create(
        case=case, author_id=author_id, body=source, html=render_markdown(source), is_internal=is_internal,
        is_system=is_system, created_at=at, idempotency_key=key[:80],
    )


@transaction.atomic
def system_line_add(*, case: Case, text: str, key: str, actor_id: int | None, at: datetime) -> CaseMessage | None:
    """A line of the product itself, for staff only (it may name a thread that the customer cannot read).

    Once per `key`; None when it is there already.
    """
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if CaseMessage.objects.filter(case=locked, idempotency_key=key[:80]).exists():
        return None

    message = message_write(
        case=locked, author_id=actor_id, body=text, at=at, is_internal=True, is_system=True, key=key
    )
    locked.updated_at = max(locked.updated_at, at)
    locked.save(update_fields=["updated_at"])

    data = {"message": message.pk, "internal": True, "by_customer": False}
    events.record("case.message_added", actor=actor_id, target=locked, data=data, at=at)
    return message
