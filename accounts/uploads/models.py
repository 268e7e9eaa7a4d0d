"""A file that somebody sent, and the places whose text names it. Written only by `accounts.uploads.services`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from accounts.uploads.querysets import UploadQuerySet

TEXT_LIMIT = 1_000_000
FOLDER = "uploads"


class Upload(models.Model):
    """`key` is its random address; `name` what it was called, made harmless. `text` is what search reads of it.

    `expires_at` is when it goes, set while no text names it.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("Picture")
        DOCUMENT = "document", _("File")

    key = models.CharField(max_length=22, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    extension = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    has_smaller = models.BooleanField(default=False)
    text = models.TextField(max_length=TEXT_LIMIT, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="uploads")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [TextLimit(field="text", limit=TEXT_LIMIT, name="upload_text_limit")]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="upload_owner"),
            models.Index(fields=["expires_at"], name="upload_expires", condition=models.Q(expires_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("uploads:file", args=[self.key, self.name])

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.IMAGE

    def path(self, *, smaller: bool = False) -> str:
        """Where the storage keeps it, or the smaller picture of it."""
        end = "-m" if smaller and self.has_smaller else ""
        return f"{FOLDER}/{self.key[:2]}/{self.key}{end}.{self.extension}"


class UploadUse(models.Model):
    """A place names a file. What an edit took out stays as a use that is not `is_current`: an earlier version names it.

    Only current uses let readers have the file.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="uses")
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField()
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("use of a file")
        verbose_name_plural = _("uses of files")
        constraints = [
            models.UniqueConstraint(fields=["upload", "target_type", "target_id"], name="upload_use_once")
        ]
        indexes = [models.Index(fields=["target_type", "target_id"], name="upload_use_target")]

    def __str__(self) -> str:
        return f"{self.upload_id} in {self.target_type} {self.target_id}"
