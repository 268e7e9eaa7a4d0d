"""A customer company. People belong to at most one, and audiences may name it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """A company that is a customer; `plan` is what it pays for, as the CRM says."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    plan = models.CharField(_("plan"), max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
