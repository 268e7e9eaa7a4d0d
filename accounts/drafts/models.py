"""A text that somebody has begun. Written only by `accounts.drafts.services`."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from accounts.viewer import Viewer

BODY_LIMIT = 200_000


class DraftQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter: one's own, and nobody else's, an admin's included."""
        return self.filter(owner__in=viewer.ids("user"))


class Draft(models.Model):
    """`version` goes up by one each time it is saved: who saves says which one they saw.

    `base` is of an edit: the version of the page or post that the writer began from. Who goes on sends it with the
    form, so that what others changed meanwhile is compared, and not written over.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    context = models.CharField(max_length=60)
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("text"), max_length=BODY_LIMIT, blank=True)
    tags = models.CharField(_("tags"), max_length=250, blank=True)
    base = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    # Set by the page's selector, not stored.
    label: str
    url: str

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["owner", "context"], name="draft_once"),
            TextLimit(field="body", limit=BODY_LIMIT, name="draft_body_limit"),
        ]
        indexes = [models.Index(fields=["updated_at"], name="draft_updated")]

    def __str__(self) -> str:
        return self.context
