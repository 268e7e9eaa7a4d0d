"""Who asked for a copy of their data, and how far it is. Written only by `accounts.takeout.services`."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Takeout(models.Model):
    """The copy itself is a file beside the database (`place`); a row whose file went says that there was one.

    `part`, `cursor` and `written` say where the next piece begins: which kind of thing, after which row of it, and
    after how many bytes of its file.
    """

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        GONE = "gone", _("Deleted")
        FAILED = "failed", _("Failed")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.MAKING)
    key = models.CharField(max_length=32, unique=True, editable=False)
    part = models.CharField(max_length=40, blank=True)
    cursor = models.CharField(max_length=64, blank=True)
    written = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("copy of a person's data")
        verbose_name_plural = _("copies of people's data")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], name="takeout_making_once", condition=Q(state="making"))
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="takeout_due", condition=Q(state="making")),
            models.Index(fields=["expires_at"], name="takeout_expires", condition=Q(state="ready")),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.state}"

    def is_fetchable(self, now: datetime | None = None) -> bool:
        """Whether the file may still be handed out."""
        if self.state != self.State.READY or self.expires_at is None:
            return False
        return self.expires_at > (now or timezone.now())
