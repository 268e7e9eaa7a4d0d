from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    """A word that sorts topics. Where it shows, it is counted over what the viewer may see, never over all."""

    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
