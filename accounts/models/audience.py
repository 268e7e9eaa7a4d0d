"""Who may read a container (a space, a section): the one rule that every room uses.

`Audienced` is the table's side of it; `accounts.audience` holds the row filter, the predicate and the tokens.
"""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Everyone who is signed in")
    GROUPS = "groups", _("Chosen groups and people")
    ORGANISATIONS = "organisations", _("Chosen organisations")
    STAFF = "staff", _("Staff only")


class Audienced(models.Model):
    """A container that names its readers. Content inside carries the container's token and nothing else."""

    audience = models.CharField(_("who may read"), max_length=20, choices=Audience, default=Audience.PUBLIC)
    audience_groups = models.ManyToManyField(Group, verbose_name=_("groups"), blank=True, related_name="+")
    audience_organisations = models.ManyToManyField(
        "accounts.Organisation", verbose_name=_("organisations"), blank=True, related_name="+"
    )

    class Meta:
        abstract = True
