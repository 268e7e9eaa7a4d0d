"""Mail goes into a table in the transaction that caused it, and out by the worker with retries."""

from __future__ import annotations

import email
import email.policy
import logging
from collections.abc import Sequence
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.events import wake
from accounts.models import OutboundEmail

logger = logging.getLogger("threadwell.mail")
ATTEMPTS = 12
LEASE = timedelta(minutes=2)


class QueuedEmailBackend(BaseEmailBackend):
    """Django's e-mail backend that stores one row a recipient; without EMAIL_URL the rows are kept to be read here."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        state = OutboundEmail.State.WAITING if settings.EMAIL_HOST else OutboundEmail.State.KEPT
        rows = [
            OutboundEmail(
                recipient=recipient, subject=message.subject[:300], message=message.message().as_bytes(),
                text=str(message.body)[:100_000], state=state, next_attempt_at=timezone.now(),
            )
            for message in email_messages
            for recipient in message.recipients()
        ]
        OutboundEmail.objects.bulk_create(rows)
        transaction.on_commit(wake.worker)
        return len(email_messages)


def send_due(*, limit: int = 20) -> int:
    """Send what waits; a server that refuses or is away puts a mail off. Returns how many were tried."""
    if not settings.EMAIL_HOST or not _due().exists():
        return 0
    claimed = _claim(limit)
    for row in claimed:
        _send(row)
    return len(claimed)


def _due() -> QuerySet[OutboundEmail]:
    return OutboundEmail.objects.filter(state=OutboundEmail.State.WAITING, next_attempt_at__lte=timezone.now())


@transaction.atomic
def _claim(limit: int) -> list[OutboundEmail]:
    due = _due()
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    claimed = list(due.order_by("next_attempt_at", "id")[:limit])
    for row in claimed:
        row.attempts += 1
        row.next_attempt_at = timezone.now() + LEASE
    OutboundEmail.objects.bulk_update(claimed, ["attempts", "next_attempt_at"])
    return claimed


def _hand_over(row: OutboundEmail) -> None:
    """Give the stored bytes to the mail server as they are; raises OSError (smtplib's errors are OSErrors too)."""
    content = bytes(row.message)
    sender = parseaddr(str(email.message_from_bytes(content, policy=email.policy.default)["From"]))[1]
    backend = EmailBackend(timeout=settings.EMAIL_TIMEOUT)
    backend.open()
    if backend.connection is None:
        raise ConnectionError("The mail server was not reached.")
    try:
        backend.connection.sendmail(sender, [row.recipient], b"\r\n".join(content.splitlines()))
    finally:
        backend.close()


def _send(row: OutboundEmail) -> None:
    try:
        _hand_over(row)
    except OSError as error:
        row.last_error = f"{type(error).__name__}: {error}"[:500]
        row.next_attempt_at = timezone.now() + timedelta(seconds=min(30 * 2**row.attempts, 14_400))
        if row.attempts >= ATTEMPTS:
            row.state = OutboundEmail.State.FAILED
        logger.warning("Mail %s could not be sent (attempt %s): %s", row.pk, row.attempts, row.last_error)
    else:
        row.state, row.sent_at, row.last_error = OutboundEmail.State.SENT, timezone.now(), ""
    row.save(update_fields=["state", "sent_at", "last_error", "next_attempt_at"])
