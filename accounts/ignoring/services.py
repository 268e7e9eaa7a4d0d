"""Not hearing from somebody, and hearing them again. It is the person's own business, so it leaves no event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.ignoring import policies
from accounts.ignoring.models import Ignore, Level
from accounts.models import User
from accounts.viewer import Viewer

MOST: Final = 500  # that one person may ignore
MOST_DAYS: Final = 365


@transaction.atomic
def person_ignore(
    *, viewer: Viewer, person: User, level: str, days: int | None = None, at: datetime | None = None
) -> Ignore:
    """Mute or ignore somebody for so many days (1 to 365), for ever by default; said again, it takes the other's place.

    Raises NotAllowed for staff, oneself, and who is not signed in; ValidationError by field: level, days, and person
    when there are 500 already.
    """
    if not policies.can_ignore(viewer, person):
        raise NotAllowed(_("You cannot ignore this person: staff speak for the company."))
    if level not in Level.values:
        raise ValidationError({"level": _("Choose one of: %s.") % ", ".join(Level.values)})
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": _("Must be a number of days from 1 to %s; leave it out for ever.") % MOST_DAYS})
    # The person's other choices wait here, so that what is sent at once is counted one after the other.
    list(User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id).values_list("pk"))
    if Ignore.objects.filter(owner=viewer.user_id).exclude(person=person).count() >= MOST:
        raise ValidationError({"person": _("You ignore %s people. Hear some of them again first.") % MOST})

    now = at or timezone.now()
    chosen = {"level": level, "until": None if days is None else now + timedelta(days=days), "created_at": now}
    return Ignore.objects.update_or_create(owner_id=viewer.user_id, person=person, defaults=chosen)[0]


def person_hear(*, viewer: Viewer, person: User) -> bool:
    """Hear somebody again; returns whether they were muted or ignored."""
    return bool(Ignore.objects.visible_to(viewer).filter(person=person).delete()[0])


def ignores_purge(*, now: datetime | None = None) -> int:
    """Let go of those whose time is over; returns how many."""
    return Ignore.objects.filter(until__lte=now or timezone.now()).delete()[0]


@dataclass(frozen=True, slots=True)
class IgnoreRow:
    """As `Ignore`, of people who came in together."""

    owner_id: int
    person_id: int
    level: str
    until: datetime | None
    created_at: datetime


@transaction.atomic
def ignores_import(*, rows: Sequence[IgnoreRow]) -> None:
    """Bring in whom people did not hear elsewhere; what they say here already stays.

    Raises ValidationError({"level": …}).
    """
    if not {row.level for row in rows} <= {*Level.values}:
        raise ValidationError({"level": _("Choose one of: %s.") % ", ".join(Level.values)})
    made = [
        Ignore(owner_id=row.owner_id, person_id=row.person_id, level=row.level, until=row.until,
               created_at=row.created_at)
        for row in rows if row.owner_id != row.person_id
    ]  # fmt: skip
    Ignore.objects.bulk_create(made, ignore_conflicts=True)
