"""Who does not hear of whom. Written only by `accounts.ignoring.services`."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.viewer import Viewer


class IgnoreQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter: one's own, and nobody else's, an admin's included."""
        return self.filter(owner__in=viewer.ids("user"))

    def in_force(self) -> Self:
        """Those whose time is not over, by the database's clock, of people who are not staff now.

        Staff speak for the company: who ignored them before they joined it hears them while they work for it.
        """
        roles = dict.fromkeys(("is_moderator", "is_agent", "is_manager", "is_superuser"), False)
        theirs = {f"person__{role}": held for role, held in roles.items()}
        return self.filter(Q(until=None) | Q(until__gt=Now()), **theirs)

    def ignored(self) -> Self:
        """Without those who are muted only."""
        return self.filter(level=Level.IGNORED)


class Level(models.TextChoices):
    """Muted: no notifications. Ignored: nor messages either way, and what they write is folded."""

    MUTED = "muted", _("Muted")
    IGNORED = "ignored", _("Ignored")


class Ignore(models.Model):
    """`owner` mutes or ignores `person`, for ever where `until` is empty."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ignores")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=8, choices=Level)
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = IgnoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("ignored person")
        verbose_name_plural = _("ignored people")
        constraints = [models.UniqueConstraint(fields=["owner", "person"], name="ignore_once")]

    def __str__(self) -> str:
        return f"{self.owner_id} does not hear {self.person_id}"
