"""Asking for it, taking it back, holding it up, and doing it."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.erasing import ledger, letters, pieces, policies, selectors
from accounts.erasing.models import Erasure, LegalHold
from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import ApiToken, User
from accounts.text import clean_line
from accounts.viewer import Viewer

logger = logging.getLogger("threadwell.erasing")
SECONDS_A_TURN: Final = 5.0  # after which other errands of the worker have theirs
AT_ONCE: Final = 20  # people in a turn


@transaction.atomic
def erasure_ask(
    *, viewer: Viewer, user: User, deletes_posts: bool = False, now: datetime | None = None
) -> Erasure:
    """Close an account at once and have its person erased (GDPR 17) when `settings.ERASE_AFTER_DAYS` are over.

    One's own, or by staff for who asked by mail. Sign-ins, keys and sockets end, the profile is gone; a mail with the
    way back goes to the address. Again is nothing.

    Raises NotAllowed, and ValidationError({"person": …}) for the last admin.
    """
    if not policies.can_ask(viewer, user):
        raise NotAllowed(_("You can only have your own account erased."))
    locked = User.objects.select_for_update().get(pk=user.pk)
    if already := selectors.open_of(locked):
        return already
    if locked.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists():
        raise ValidationError({"person": _("This is the last admin. Make someone else admin first.")})

    now = now or timezone.now()
    erasure = Erasure.objects.create(
        person_id=locked.pk, joined_at=locked.date_joined, deletes_posts=deletes_posts, asked_by_id=viewer.user_id,
        asked_at=now, due_at=now + timedelta(days=settings.ERASE_AFTER_DAYS), was_active=locked.is_active,
    )  # fmt: skip
    locked.is_active = user.is_active = False
    locked.save(update_fields=["is_active"])
    ApiToken.objects.filter(user=locked, revoked_at=None).update(revoked_at=now)
    letters.tell_asked(locked, erasure)

    events.record("user.erasure_asked", actor=viewer, target=locked, data={"posts": deletes_posts}, at=now)
    return erasure


@transaction.atomic
def erasure_take_back(*, viewer: Viewer, erasure: Erasure, proven: bool = False) -> User:
    """Open the account again. `proven`: whoever asks holds the mailed link, or knew the password just now.

    Keys stay ended, and an account that had been closed before stays closed. Raises NotAllowed, and
    ValidationError({"person": …}) when erasing has begun or is over.
    """
    locked = Erasure.objects.select_for_update().get(pk=erasure.pk)
    user = User.objects.select_for_update().filter(pk=locked.person_id, date_joined=locked.joined_at).first()
    if user is None or not locked.is_open():
        raise ValidationError({"person": _("It is too late: this account is being erased, or was.")})
    if not (proven or policies.can_work_on(viewer, user)):
        raise NotAllowed(_("Use the link in the mail that we sent."))

    locked.state = Erasure.State.TAKEN_BACK
    locked.save(update_fields=["state"])
    user.is_active = locked.was_active
    user.save(update_fields=["is_active"])

    events.record("user.erasure_taken_back", actor=viewer.user_id or user.pk, target=user)
    return user


@transaction.atomic
def hold_set(*, viewer: Viewer, user: User, reason: str) -> LegalHold:
    """Keep everything of a person until the hold is taken away, whoever asks for what.

    Raises NotAllowed, ValidationError({"reason": …}) for none or one over 300 characters.
    """
    if not policies.can_work_on(viewer, user):
        raise NotAllowed(_("Only managers and admins set a legal hold."))
    words = clean_line(reason, field="reason", limit=300)

    values = {"reason": words, "set_by_id": viewer.user_id, "set_at": timezone.now()}
    hold, _is_new = LegalHold.objects.update_or_create(person=user, defaults=values)

    events.record("user.hold_set", actor=viewer, target=user)
    return hold


@transaction.atomic
def hold_remove(*, viewer: Viewer, user: User) -> None:
    """Let erasing go on, if it was asked for. Again is nothing. Raises NotAllowed."""
    if not policies.can_work_on(viewer, user):
        raise NotAllowed(_("Only managers and admins take a legal hold away."))
    if LegalHold.objects.filter(person=user).delete()[0]:
        events.record("user.hold_removed", actor=viewer, target=user)


def erase_due(*, now: datetime | None = None, seconds: float | None = SECONDS_A_TURN) -> int:
    """The worker's turn: begin what is due, and go on with what was begun, for some seconds (None: to the end).

    Any number of workers may run it; a kill costs one piece. What fails is logged and tried again in the next turn, and
    the others go on. Returns how many pieces were done.
    """
    until = None if seconds is None else time.monotonic() + seconds
    done = 0
    for erasure_id in list(selectors.due(now or timezone.now()).values_list("pk", flat=True)[:AT_ONCE]):
        Erasure.objects.filter(pk=erasure_id, state=Erasure.State.ASKED).update(state=Erasure.State.ERASING)
        try:
            while pieces.piece_do(erasure_id):
                done += 1
                if until is not None and time.monotonic() > until:
                    return done
        except Exception:
            logger.exception("Erasure %s stopped; it goes on in the next turn.", erasure_id)
    return done


def replay(*, now: datetime | None = None) -> int:
    """Erase once more whom the ledger names and a restore brought back; returns how many. Runs to the end.

    Whoever only has the number of an erased person joined at another moment and is left alone.
    """
    now, again = now or timezone.now(), 0
    for line in list(ledger.lines()):
        fields = {"person_id": line.person_id, "joined_at": line.joined_at}
        is_back = User.objects.filter(pk=line.person_id, date_joined=line.joined_at).exists()
        if not is_back and Erasure.objects.filter(**fields, state=Erasure.State.DONE).exists():
            continue
        again += is_back
        Erasure.objects.filter(**fields, state__in=Erasure.OPEN).delete()
        LegalHold.objects.filter(person_id=line.person_id, person__date_joined=line.joined_at).delete()
        erasure = Erasure.objects.create(
            **fields, deletes_posts=line.deletes_posts, asked_at=line.erased_at, due_at=line.erased_at,
            state=Erasure.State.ERASING if is_back else Erasure.State.DONE,
            done_at=None if is_back else line.erased_at,
        )  # fmt: skip
        while pieces.piece_do(erasure.pk):
            pass
    return again


def ledger_keep() -> None:
    """Before a restore takes the table away: bring the file up to what it says."""
    known = {(line.person_id, line.joined_at) for line in ledger.lines()}
    for erasure in Erasure.objects.filter(state=Erasure.State.DONE).iterator():
        if (erasure.person_id, erasure.joined_at) not in known:
            ledger.write(erasure)
