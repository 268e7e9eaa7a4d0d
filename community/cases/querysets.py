"""Which cases and messages a viewer sees.

Both filters read the viewer's tokens only, so an API token cut down by its scopes sees less.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, Self

from django.db import models
from django.db.models import F, Q

from accounts.viewer import Viewer

DESK: Final = frozenset({"role:agent", "role:manager", "role:admin"})
_WHOLE_NUMBER = re.compile(r"^[A-Za-z]{1,10}-\d{1,9}\Z", re.ASCII)
_NUMBER = re.compile(r"^(?:[a-z]+-)?(\d{1,9})$", re.IGNORECASE)


def sees_desk(viewer: Viewer) -> bool:
    """Whether this viewer reads every case: agents, managers, admins."""
    return viewer.may_read(DESK)


class CaseQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see` and `policies.audience`."""
        return self if sees_desk(viewer) else self.filter(customer__in=viewer.ids("user"))

    def numbered(self, number: str) -> Self:
        """The one with this number, in whatever case it is written; nothing for what is no number."""
        return self.filter(number=number.upper()) if _WHOLE_NUMBER.match(number) else self.none()

    def active(self) -> Self:
        return self.filter(status__in=["new", "open", "waiting"])

    def waiting_on_us(self) -> Self:
        return self.filter(status__in=["new", "open"])

    def unassigned(self) -> Self:
        return self.active().filter(owner=None)

    def owned_by(self, user_id: int | None) -> Self:
        return self.active().filter(owner=user_id) if user_id is not None else self.none()

    def overdue(self, now: datetime) -> Self:
        return self.waiting_on_us().filter(reply_due_at__lt=now)

    def matching(self, text: str) -> Self:
        """By number (“NL-1001”, “1001”), or by the words of the subject."""
        number = _NUMBER.match(text.strip())
        words = Q()
        for word in text.split()[:8]:
            words &= Q(subject__icontains=word)
        return self.filter(words | Q(serial=int(number[1]))) if number else self.filter(words)

    def urgent_first(self) -> Self:
        """Whose answer is due soonest, then the latest."""
        return self.order_by(F("reply_due_at").asc(nulls_last=True), "-updated_at", "-pk")

    def latest_first(self) -> Self:
        return self.order_by("-updated_at", "-pk")

    def for_list(self) -> Self:
        """With what a row of the desk shows, in one query."""
        return self.select_related("customer", "organisation", "owner")


class MessageQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see_message` and `policies.message_audience`."""
        if sees_desk(viewer):
            return self
        return self.filter(case__customer__in=viewer.ids("user"), is_internal=False)

    def aloud(self) -> Self:
        """Without internal notes: what the customer reads."""
        return self.filter(is_internal=False)
