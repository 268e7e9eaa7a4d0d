"""What people are told. A row is written once, numbered per person; only the read and hidden marks change later.

Written only by `community.notifications.services`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from community.notifications.querysets import NotificationQuerySet


class Inbox(models.Model):
    """One a person. Its row lock gives the numbers, so the numbers are dense and in the order of the commits."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox", primary_key=True
    )
    last_number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("inbox")
        verbose_name_plural = _("inboxes")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.last_number}"


class Notification(models.Model):
    """`key` makes telling idempotent; `thread` is the page where it is seen (`topic:12`).

    Unread rows of one kind and thread fold into the newest: it carries their `count`, the older get `is_folded`.
    A row that its person may not see any more gets `hidden_at` and is neither shown nor counted.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    number = models.PositiveBigIntegerField()
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField()
    thread = models.CharField(max_length=60)
    data = models.JSONField(default=dict, blank=True)
    count = models.PositiveIntegerField(default=1)

    is_folded = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["user", "number"], name="notification_number_once"),
            models.UniqueConstraint(fields=["user", "key"], name="notification_key_once"),
            TextLimit(field="data", limit=20_000, name="notification_data_limit", is_json=True),
        ]
        indexes = [
            models.Index(
                fields=["user", "thread"], name="notification_unread",
                condition=Q(read_at=None, hidden_at=None, is_folded=False),
            ),
            models.Index(fields=["target_type", "target_id"], name="notification_target"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.number} for {self.user_id}"

    def get_absolute_url(self) -> str:
        return reverse("notifications:open", args=[self.number])

    @property
    def is_unread(self) -> bool:
        return self.read_at is None
