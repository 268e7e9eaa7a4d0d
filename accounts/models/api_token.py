"""A person's key to the API. Only a digest is kept; the token itself is shown once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit


class ApiToken(models.Model):
    """`scopes` holds any of read, write, private, staff; what a scope opens is in `accounts.api.permissions`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(_("name"), max_length=80, blank=True)
    prefix = models.CharField(max_length=12, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]
        constraints = [TextLimit(field="scopes", limit=1_000, name="api_token_scopes_limit", is_json=True)]

    def __str__(self) -> str:
        return f"{self.prefix}…"
