"""What a person does not want to hear of: a whole space, or whatever carries a tag."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mute(models.Model):
    """`user` mutes a space with its parts, or a tag; a row names one of the two."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    space = models.ForeignKey("spaces.Space", on_delete=models.CASCADE, null=True, blank=True, related_name="mutes")
    tag = models.ForeignKey("forums.Tag", on_delete=models.CASCADE, null=True, blank=True, related_name="mutes")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("muted space or tag")
        verbose_name_plural = _("muted spaces and tags")
        constraints = [
            models.UniqueConstraint(fields=["user", "space"], name="mute_space_once"),
            models.UniqueConstraint(fields=["user", "tag"], name="mute_tag_once"),
            models.CheckConstraint(
                condition=Q(space=None, tag__isnull=False) | Q(space__isnull=False, tag=None), name="mute_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} mutes {f'space {self.space_id}' if self.space_id else f'tag {self.tag_id}'}"

    @property
    def name(self) -> str:
        """What is muted, as people call it."""
        return str(self.space) if self.space is not None else f"#{self.tag}"
