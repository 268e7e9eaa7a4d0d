"""How people come into a space: they ask, or they are invited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address
from accounts.viewer import Viewer

INVITED_FOR: Final = timedelta(days=14)
ASKED_AGAIN_AFTER: Final = timedelta(days=7)


class SpaceRequest(models.Model):
    """Somebody asks to be let in. It is gone when they are; one that was declined may be made again after a week."""

    space = models.ForeignKey("spaces.Space", on_delete=models.CASCADE, related_name="requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(_("why"), max_length=300, blank=True)
    created_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [models.UniqueConstraint(fields=["space", "user"], name="space_request_once")]

    def __str__(self) -> str:
        return f"{self.user_id} asks for {self.space_id}"


class InvitationQuerySet(models.QuerySet):
    def open(self, now: datetime | None = None) -> Self:
        """Those that can still be taken up."""
        return self.filter(used_at=None, declined_at=None, expires_at__gt=now or timezone.now())

    def visible_to(self, viewer: Viewer) -> Self:
        """One's own, by name; one by e-mail is opened by its link alone until its address is somebody's."""
        return self.filter(user=viewer.user_id) if viewer.reads_own and viewer.user_id else self.none()


class SpaceInvitation(models.Model):
    """A person by name, or an e-mail address. An address gets a link that opens once; only its digest is kept."""

    space = models.ForeignKey("spaces.Space", on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    email = models.EmailField(_("e-mail"), blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="space_invitation_digest", condition=~Q(digest="")),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or 'an address'} is invited to {self.space_id}"

    def get_absolute_url(self) -> str:
        return address("spaces:invitation", self.pk)

    def is_open(self, now: datetime | None = None) -> bool:
        return self.used_at is None and self.declined_at is None and self.expires_at > (now or timezone.now())
