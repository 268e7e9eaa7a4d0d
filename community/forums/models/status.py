from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """The only truth of whether content shows; only moderation decisions change it after creation."""

    PUBLISHED = "published", _("Published")
    PENDING = "pending", _("Waiting for review")
    REMOVED = "removed", _("Removed")
