"""Reading erasures, for pages, the worker and the command."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.erasing import policies
from accounts.erasing.models import Erasure, LegalHold
from accounts.models import User
from accounts.text import whole_number
from accounts.viewer import Viewer

SALT: Final = "accounts.erasing"
MOST: Final = 100


def open_of(user: User) -> Erasure | None:
    """The erasure that waits for this person or is at work."""
    mine = Erasure.objects.filter(person_id=user.pk, joined_at=user.date_joined)
    return mine.filter(state__in=Erasure.OPEN).first()


def due(now: datetime) -> QuerySet[Erasure]:
    """What may begin or go on: its days are over and nothing holds it up. The oldest first."""
    open_ones = Erasure.objects.filter(state__in=Erasure.OPEN, due_at__lte=now)
    held = LegalHold.objects.filter(person=OuterRef("person_id"))
    return open_ones.filter(~Exists(held)).order_by("due_at", "pk")


def is_held(user: User) -> bool:
    return LegalHold.objects.filter(person=user).exists()


def token_for(erasure: Erasure) -> str:
    """The secret part of the link that takes it back."""
    return signing.dumps(erasure.pk, salt=SALT)


def by_token(token: str) -> Erasure | None:
    """The erasure whose link this is, whatever became of it."""
    try:
        return Erasure.objects.filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None


def open_for(viewer: Viewer) -> list[tuple[Erasure, User | None]]:
    """What waits or is at work, for staff; the soonest first. Two queries."""
    if not policies.can_list(viewer):
        return []
    rows = list(Erasure.objects.filter(state__in=Erasure.OPEN).order_by("due_at", "pk")[:MOST])
    people = User.objects.in_bulk([row.person_id for row in rows])
    return [(row, people.get(row.person_id)) for row in rows]


def holds_for(viewer: Viewer) -> list[LegalHold]:
    """The legal holds, for staff; the newest first."""
    if not policies.can_list(viewer):
        return []
    return list(LegalHold.objects.select_related("person", "set_by").order_by("-set_at")[:MOST])


def person_for(viewer: Viewer, username: str) -> User:
    """Raises ValidationError({"username": …}) where there is nobody by that name, closed accounts included."""
    user = User.objects.filter(username__iexact=username.strip().removeprefix("@")).first()
    if user is None or not policies.can_list(viewer):
        raise ValidationError({"username": _("There is nobody by that username.")})
    return user


def person_by_id(viewer: Viewer, number: str) -> User | None:
    """Of the page of staff: nobody for anybody else, and for what is no number."""
    wanted = whole_number(number)
    if wanted is None or not policies.can_list(viewer):
        return None
    return User.objects.filter(pk=wanted).first()
