"""Mail goes into a table in the transaction that caused it, and out by the worker with retries."""

from __future__ import annotations

import email
import email.policy
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPAuthenticationError

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.events import wake
from accounts.models import OutboundEmail

logger = logging.getLogger("threadwell.mail")
ATTEMPTS = 12
LEASE = timedelta(seconds=60)
BATCH_SECONDS = 30.0  # what is not begun by then goes back, so that no lease ends under a slow server's hands
PAUSE = timedelta(seconds=30)
AWAY = "The mail server does not answer"


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
        wake.when_committed()
        return len(email_messages)


def over_before(moment: datetime) -> QuerySet[OutboundEmail]:
    """Mails of before that moment that nobody waits for any more. Their texts hold names, addresses and links."""
    return OutboundEmail.objects.exclude(state=OutboundEmail.State.WAITING).filter(created_at__lt=moment)


def send_due(*, limit: int = 20) -> int:
    """Send what waits; a server that refuses a mail puts it off, one that is away rests all of them for half a minute.

    Returns how many were tried.
    """
    if not settings.EMAIL_HOST or not _due().exists() or _rests():
        return 0
    claimed = _claim(limit)
    until = time.monotonic() + BATCH_SECONDS
    for place, row in enumerate(claimed):
        if time.monotonic() > until:
            _give_back(claimed[place:])
            return place
        if not _send(row):
            _give_back(claimed[place + 1 :])
            return place + 1
    return len(claimed)


def _rests() -> bool:
    """Whether the server was found away just now: nobody waits for it again before that mail's turn."""
    return OutboundEmail.objects.filter(
        state=OutboundEmail.State.WAITING, next_attempt_at__gt=timezone.now(), last_error__startswith=AWAY
    ).exists()


def _give_back(rows: Sequence[OutboundEmail]) -> None:
    """What was claimed and not tried is due again, as if it had never been claimed."""
    OutboundEmail.objects.filter(pk__in=[row.pk for row in rows], state=OutboundEmail.State.WAITING).update(
        attempts=F("attempts") - 1, next_attempt_at=timezone.now()
    )


def _due() -> QuerySet[OutboundEmail]:
    """What was never tried is due whatever the clock says: it may have been turned, or be another host's."""
    is_due = Q(attempts=0, last_error="") | Q(next_attempt_at__lte=timezone.now())
    return OutboundEmail.objects.filter(is_due, state=OutboundEmail.State.WAITING)


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


class ServerAway(Exception):
    """The mail server was not reached at all, which is nothing against the mail."""


def _hand_over(row: OutboundEmail) -> None:
    """Give the stored bytes to the mail server as they are.

    Raises ServerAway, and OSError for what goes wrong later (smtplib's errors are OSErrors too).
    """
    content = bytes(row.message)
    sender = parseaddr(str(email.message_from_bytes(content, policy=email.policy.default)["From"]))[1]
    backend = EmailBackend(timeout=settings.EMAIL_TIMEOUT)
    try:
        backend.open()
    except SMTPAuthenticationError:
        raise
    except OSError as error:
        raise ServerAway(f"{type(error).__name__}: {error}") from error
    if backend.connection is None:
        raise ServerAway("It was not reached.")
    try:
        backend.connection.sendmail(sender, [row.recipient], b"\r\n".join(content.splitlines()))
    finally:
        backend.close()


def _send(row: OutboundEmail) -> bool:
    """Send one mail, or put it off; returns whether the server was there. While it is away no attempt is lost."""
    is_there = True
    try:
        _hand_over(row)
    except ServerAway as error:
        is_there, row.attempts = False, max(row.attempts - 1, 1)
        row.next_attempt_at = timezone.now() + PAUSE
        row.last_error = f"{AWAY}. {error}"[:500]
        logger.warning("All mail waits for %s s: %s", PAUSE.seconds, row.last_error)
    except OSError as error:
        row.last_error = f"{type(error).__name__}: {error}"[:500]
        row.next_attempt_at = timezone.now() + timedelta(seconds=min(15 * 2**row.attempts, 14_400))
        if row.attempts >= ATTEMPTS:
            row.state = OutboundEmail.State.FAILED
        logger.warning("Mail %s could not be sent (attempt %s): %s", row.pk, row.attempts, row.last_error)
    else:
        row.state, row.sent_at, row.last_error = OutboundEmail.State.SENT, timezone.now(), ""
    row.save(update_fields=["state", "sent_at", "last_error", "attempts", "next_attempt_at"])
    return is_there
