"""What is asked for, what is ready, and whose link a link is."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.takeout import place, policies
from accounts.takeout.models import Takeout
from accounts.viewer import Viewer

SALT: Final = "accounts.takeout"
PROOF: Final = "takeout"  # in the session of who is shut out and knew the password
LINK_SECONDS: Final = 3_600  # how long a link serves (reliability-security P1)
EVERY: Final = timedelta(days=1)
MOST: Final = 100


def latest_of(user: User) -> Takeout | None:
    """What became of what the person asked for last."""
    return Takeout.objects.filter(person=user).first()


def next_for(user: User) -> datetime | None:
    """When another may be asked for; None: now. One that failed counts for nothing."""
    last = Takeout.objects.filter(person=user).exclude(state=Takeout.State.FAILED).first()
    return last.asked_at + EVERY if last else None


def due(now: datetime) -> QuerySet[Takeout]:
    """What is to be made or gone on with. The oldest first."""
    waiting = Takeout.objects.filter(state=Takeout.State.MAKING, next_attempt_at__lte=now)
    return waiting.order_by("next_attempt_at", "pk")


def late(moment: datetime) -> QuerySet[Takeout]:
    """What was asked for before that moment and is not ready, or was given up on in the last day and not asked for
    again."""
    failed = Q(state=Takeout.State.FAILED, asked_at__gte=moment - EVERY)
    again = Takeout.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"))
    wanted = Takeout.objects.filter(Q(state=Takeout.State.MAKING) | (failed & ~Exists(again)))
    return wanted.filter(asked_at__lt=moment).order_by()


def over_before(moment: datetime) -> QuerySet[Takeout]:
    """Rows of before that moment whose file is gone."""
    return Takeout.objects.filter(state__in=[Takeout.State.GONE, Takeout.State.FAILED], asked_at__lt=moment)


def link_for(takeout: Takeout, session_key: str) -> str:
    """The secret part of the address of the file: of this session, for an hour."""
    return signing.dumps(takeout.pk, salt=f"{SALT}:{session_key}")


def by_link(link: str, session_key: str, person_id: int) -> Takeout | None:
    """The copy that a link leads to, for the session and the person it was made for, while it can be fetched."""
    try:
        pk = signing.loads(link, salt=f"{SALT}:{session_key}", max_age=LINK_SECONDS)
    except signing.BadSignature:
        return None
    return fetchable(Takeout.objects.filter(pk=pk, person=person_id).first())


def fetchable(takeout: Takeout | None) -> Takeout | None:
    """The same, if its file may be handed out and is there."""
    is_there = takeout is not None and takeout.is_fetchable() and place.copy_of(takeout.key).exists()
    return takeout if is_there else None


def remember_proof(session: SessionBase, user: User) -> None:
    """Whoever sits there typed the right password of a closed account: for an hour they may ask and fetch here."""
    session.cycle_key()
    session[PROOF] = [user.pk, time.time() + LINK_SECONDS]


def proven_in(session: SessionBase) -> User | None:
    """Of whom this session remembers that; an account that is open again signs in instead."""
    pk, until = session.get(PROOF, (0, 0.0))
    return User.objects.filter(pk=pk, is_active=False).first() if time.time() < until else None


def recent_for(viewer: Viewer) -> list[Takeout]:
    """What is made or waits to be fetched, for staff; the newest first. One query."""
    if not policies.can_list(viewer):
        return []
    shown = Takeout.objects.filter(state__in=[Takeout.State.MAKING, Takeout.State.READY])
    return list(shown.select_related("person", "asked_by")[:MOST])


def person_for(viewer: Viewer, username: str) -> User:
    """Raises ValidationError({"username": …}) where there is nobody by that name, closed accounts included."""
    user = User.objects.filter(username__iexact=username.strip().removeprefix("@")).first()
    if user is None or not policies.can_list(viewer):
        raise ValidationError({"username": _("There is nobody by that username.")})
    return user
