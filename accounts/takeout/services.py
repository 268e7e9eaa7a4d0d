"""Asking for a copy, making it, handing it out, and letting go of it."""

from __future__ import annotations

import logging
import secrets
import shutil
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.events import wake
from accounts.models import User
from accounts.takeout import collecting, letters, packing, place, policies, selectors
from accounts.takeout.collecting import Place
from accounts.takeout.models import Takeout
from accounts.takeout.parts import Taker
from accounts.viewer import Viewer, system_viewer

logger = logging.getLogger("threadwell.takeout")
SECONDS_A_TURN: Final = 5.0  # after which other errands of the worker have theirs
AT_ONCE: Final = 20  # people in a turn
ATTEMPTS: Final = 5
WAITS: Final = timedelta(days=2)  # until somebody fetches it
STAYS: Final = timedelta(hours=1)  # from then on


@transaction.atomic
def takeout_ask(
    *, viewer: Viewer, user: User, is_proven: bool = False, now: datetime | None = None
) -> Takeout:
    """Have a copy of all that is held about a person made by the worker (GDPR 15 and 20).

    One's own, or by staff for who asked by mail: it is told and handed to the person alone. `is_proven`: whoever asks
    knew the password just now, be the account closed. One that is being made is given back. A legal hold keeps nobody
    from it.

    Raises NotAllowed, and ValidationError({"person": …}) within a day of the last one.
    """
    if not (is_proven or policies.can_ask(viewer, user)):
        raise NotAllowed(_("You can only have a copy of your own data."))
    locked, now = User.objects.select_for_update().get(pk=user.pk), now or timezone.now()
    last = selectors.latest_of(locked)
    if last is not None and last.state == Takeout.State.MAKING:
        return last
    again = selectors.next_for(locked)
    if again is not None and again > now:
        told = _("A copy can be made once a day. Ask again after %s (UTC).")
        raise ValidationError({"person": told % date_format(again, "j F, H:i")})

    start = collecting.first() or Place()
    takeout = Takeout.objects.create(
        person=locked, asked_by_id=user.pk if is_proven else viewer.user_id, key=secrets.token_hex(16),
        part=start.part, asked_at=now, next_attempt_at=now,
    )  # fmt: skip
    wake.when_committed()

    events.record("user.takeout_asked", actor=takeout.asked_by_id, target=locked, data={"takeout": takeout.pk}, at=now)
    return takeout


def takeouts_make(*, now: datetime | None = None, seconds: float | None = SECONDS_A_TURN) -> int:
    """The worker's turn: begin what was asked for, and go on with what was begun, for some seconds (None: to the end).

    Any number of workers may run it; a kill costs one piece of collecting or packing. Returns how many were done.
    """
    until = None if seconds is None else time.monotonic() + seconds
    done = 0
    for takeout in list(selectors.due(now or timezone.now()).select_related("person")[:AT_ONCE]):
        try:
            with place.held(place.folder_of(takeout.key)) as is_ours:
                while is_ours and piece_do(takeout):
                    done += 1
                    if until is not None and time.monotonic() > until:
                        return done
        except Exception:
            logger.exception("Copy %s stopped; it goes on in a later turn.", takeout.pk)
            _put_off(takeout)
    return done


def piece_do(takeout: Takeout) -> bool:
    """Do the next piece of a copy whose folder is held; returns whether it did any."""
    takeout.refresh_from_db(fields=["state", "part", "cursor", "written"])
    if takeout.state != Takeout.State.MAKING:
        return False
    taker, folder = Taker.of(takeout.person), place.folder_of(takeout.key)
    if not takeout.part:
        size = packing.pack(taker, folder)
        if size is not None:
            _finish(takeout, size)
        return True
    after = collecting.piece(taker, folder, Place(takeout.part, takeout.cursor, takeout.written)) or Place()
    fields = {"part": after.part, "cursor": after.cursor, "written": after.written}
    if not Takeout.objects.filter(pk=takeout.pk, state=Takeout.State.MAKING).update(**fields):
        place.remove(takeout.key)  # the person was erased meanwhile
        return False
    return True


@transaction.atomic
def _finish(takeout: Takeout, size: int) -> None:
    """It waits to be fetched, and the person hears of it."""
    now = timezone.now()
    fields = {"state": Takeout.State.READY, "size": size, "ready_at": now, "expires_at": now + WAITS}
    if not Takeout.objects.filter(pk=takeout.pk, state=Takeout.State.MAKING).update(**fields):
        place.remove(takeout.key)
        return
    takeout.refresh_from_db()
    letters.tell_ready(takeout)
    events.record("user.takeout_ready", target=("user", takeout.person_id), data={"takeout": takeout.pk})


@transaction.atomic
def _put_off(takeout: Takeout) -> None:
    """What fails is tried again after 30 s, 1, 2 and 4 minutes, and then given up on: another may be asked for then."""
    locked = Takeout.objects.select_for_update().filter(pk=takeout.pk, state=Takeout.State.MAKING).first()
    if locked is None:
        return
    locked.attempts += 1
    locked.next_attempt_at = timezone.now() + timedelta(seconds=15 * 2**locked.attempts)
    if locked.attempts >= ATTEMPTS:
        locked.state = Takeout.State.FAILED
        events.record("user.takeout_failed", target=("user", locked.person_id), data={"takeout": locked.pk})
    locked.save(update_fields=["attempts", "next_attempt_at", "state"])


@transaction.atomic
def takeout_fetched(
    *, viewer: Viewer, takeout: Takeout, is_proven: bool = False, now: datetime | None = None
) -> Path:
    """Where the file is that the person gets (`is_proven` as above). From the first time on it stays for an hour.

    Raises NotAllowed for anybody else, ValidationError({"person": …}) when it is not there any more.
    """
    if not (is_proven or policies.can_fetch(viewer, takeout.person)):
        raise NotAllowed(_("This copy is for somebody else."))
    locked, now = Takeout.objects.select_for_update().get(pk=takeout.pk), now or timezone.now()
    if not locked.is_fetchable(now) or selectors.fetchable(locked) is None:
        raise ValidationError({"person": _("This copy is not there any more. Ask for another one.")})

    if locked.fetched_at is None:
        locked.fetched_at, locked.expires_at = now, min(locked.expires_at or now, now + STAYS)
        locked.save(update_fields=["fetched_at", "expires_at"])

    data = {"takeout": locked.pk}
    events.record("user.takeout_fetched", actor=locked.person_id, target=locked.person, data=data, at=now)
    return place.copy_of(locked.key)


def takeouts_tidy(*, now: datetime | None = None) -> int:
    """Delete the files of copies that are over, and what no row speaks of; returns how many of both."""
    now, gone = now or timezone.now(), 0
    for takeout in Takeout.objects.filter(state=Takeout.State.READY, expires_at__lte=now):
        place.remove(takeout.key)
        gone += Takeout.objects.filter(pk=takeout.pk, state=Takeout.State.READY).update(state=Takeout.State.GONE)
    standing = Takeout.objects.filter(state__in=[Takeout.State.MAKING, Takeout.State.READY])
    stray = place.strays(set(standing.values_list("key", flat=True)))
    # Looked at once more: a row may have been written since.
    stray = [key for key in stray if not standing.filter(key=key).exists()]
    for key in stray:
        place.remove(key)
    return gone + len(stray)


def takeouts_go(rows: Sequence[Takeout], field: str) -> None:
    """Erasing's act: the copies of the person go, the bytes first."""
    for row in rows:
        place.remove(row.key)
    Takeout.objects.filter(pk__in=[row.pk for row in rows]).delete()


def takeout_write(*, user: User, path: Path) -> int:
    """For the operator, who hands it over in another way: make a copy into a file at once; returns its bytes.

    Raises OSError where the file cannot be written.
    """
    taker, at = Taker.of(user), collecting.first()
    with TemporaryDirectory(prefix="takeout-", dir=settings.DATA_DIR) as name:
        folder = Path(name)
        while at is not None:
            at = collecting.piece(taker, folder, at)
        while (size := packing.pack(taker, folder)) is None:
            pass
        target = path.with_name(f"{path.name}.part")
        target.touch(mode=0o600)
        with (folder / place.COPY).open("rb") as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, packing.CHUNK)
        target.replace(path)
    events.record("user.takeout_written", actor=system_viewer(), target=user, data={"size": size})
    return size
