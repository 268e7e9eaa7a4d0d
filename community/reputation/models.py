"""What people have done for the others, in numbers. Written only by `community.reputation.services`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.Model):
    """One a person, rebuilt from what it counts: accepted answers, helpful votes, ideas that shipped.

    Counts only what stands in spaces that every member reads, so a number never tells of a private space.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    points = models.PositiveIntegerField(_("points"), default=0)
    solutions = models.PositiveIntegerField(_("accepted answers"), default=0)
    helpful_votes = models.PositiveIntegerField(_("helpful votes"), default=0)
    accepted_others = models.PositiveIntegerField(_("answers accepted from others"), default=0)
    ideas_shipped = models.PositiveIntegerField(_("ideas shipped"), default=0)
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = [models.Index(fields=["-points"], name="standing_points")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.points}"
