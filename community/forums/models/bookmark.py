"""Posts that a person wants to find again, perhaps at a time."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Bookmark(models.Model):
    """`remind_at` is when to tell; it is emptied when that is done."""

    post = models.ForeignKey("forums.Post", on_delete=models.CASCADE, related_name="bookmarks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    remind_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="bookmark_once")]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="bookmark_of"),
            models.Index(fields=["remind_at"], name="bookmark_due", condition=models.Q(remind_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} keeps {self.post_id}"
