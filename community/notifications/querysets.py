"""Whose rows, and which of them count. That the target may still be seen is asked in `selectors`, on reading."""

from __future__ import annotations

from typing import Self

from django.db import models

from accounts.viewer import Viewer


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The viewer's own rows and nobody else's; none for an API token that may not read what is only theirs."""
        return self.filter(user_id=viewer.user_id) if viewer.reads_own else self.none()

    def shown(self) -> Self:
        """Without those that were folded into a newer one, or whose target the person may not see any more."""
        return self.filter(is_folded=False, hidden_at=None)

    def unread(self) -> Self:
        return self.shown().filter(read_at=None)

    def after(self, number: int) -> Self:
        """What came after a number, oldest first."""
        return self.filter(number__gt=number).order_by("number")
