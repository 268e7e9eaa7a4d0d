"""Who wishes to be erased, how far it is, and that it was done. Written only by `accounts.erasing.services`."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """A wish, then a task, then a line of the ledger: ids and times alone, so it may stay for ever.

    `person_id` is no foreign key, for the row outlives the person. `joined_at` tells them from whoever gets the same
    number after a restore. `step` and `cursor` say where the next piece begins.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        ERASING = "erasing", _("Being erased")
        DONE = "done", _("Erased")
        TAKEN_BACK = "taken_back", _("Taken back")

    OPEN = (State.ASKED, State.ERASING)

    person_id = models.BigIntegerField(db_index=True)
    joined_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    was_active = models.BooleanField(default=True)  # who was shut out before stays so when it is taken back
    deletes_posts = models.BooleanField(_("posts go too"), default=False)
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    step = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], name="erasure_open_once", condition=Q(state__in=["asked", "erasing"])
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="erasure_due", condition=Q(state__in=["asked", "erasing"]))]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.state}"

    def is_open(self) -> bool:
        """Whether the person can still have their account back."""
        return self.state == self.State.ASKED

    def is_over_due(self, now: datetime | None = None) -> bool:
        return self.due_at <= (now or timezone.now())


class LegalHold(models.Model):
    """While there is one of a person, nothing of them is erased. `reason` is for staff alone; it goes with the row."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")

    def __str__(self) -> str:
        return f"hold of {self.person_id}"
