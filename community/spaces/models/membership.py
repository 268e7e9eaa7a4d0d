"""Who belongs to a space by name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SpaceMembership(models.Model):
    """A person who joined a space or was put there by name; a reviewer moderates just this space."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        REVIEWER = "reviewer", _("Reviewer")

    space = models.ForeignKey("spaces.Space", on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="space_memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("space membership")
        verbose_name_plural = _("space memberships")
        constraints = [models.UniqueConstraint(fields=["space", "user"], name="space_membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.space_id}"
