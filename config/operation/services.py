"""Trying again what was given up on: the one thing that the health page changes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.events import wake
from accounts.models import OutboundEmail
from accounts.viewer import Viewer
from search import outbox

DELIVERIES, INDEX, MAILS = "deliveries", "index", "mails"


def can_operate(viewer: Viewer) -> bool:
    """Who keeps the product running: admins. For everyone else the pages do not exist."""
    return viewer.is_admin


@transaction.atomic
def retry(*, viewer: Viewer, queue: str, name: str = "") -> int:
    """Give what was parked a new round of tries; returns how many.

    `queue` is `deliveries` (`name`: the subscriber), `index` (`name`: the engine) or `mails`. Raises NotAllowed unless
    the viewer is an admin, ValidationError for another queue.
    """
    if not can_operate(viewer):
        raise NotAllowed(_("Only admins try errands again."))
    if queue == DELIVERIES:
        count = events.replay_parked(subscriber=name or None)
    elif queue == INDEX:
        count = outbox.replay_parked(engine=name or None)
    elif queue == MAILS:
        failed = OutboundEmail.objects.filter(state=OutboundEmail.State.FAILED)
        count = failed.update(state=OutboundEmail.State.WAITING, attempts=0, next_attempt_at=timezone.now())
    else:
        raise ValidationError({"queue": _("Choose deliveries, index or mails.")})
    if count:
        transaction.on_commit(wake.worker)
        events.record("operation.retried", actor=viewer, data={"queue": queue, "name": name[:80], "count": count})
    return count
