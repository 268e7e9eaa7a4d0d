"""Sources outside the community, and what search knows of them. Written by `search.external.services` only."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from search.external.querysets import RecordQuerySet, SourceQuerySet

MOST_BODY: Final = 100_000


class ExternalSource(models.Model):
    """Another site. Its readers are told by one token, the same for all that it holds."""

    class Way(models.TextChoices):
        PUSH = "push", _("Its own program sends records")
        SITEMAP = "sitemap", _("We read its sitemap once a day")

    class Readers(models.TextChoices):
        """The values are the audience tokens themselves."""

        PUBLIC = "public", _("Everyone")
        MEMBERS = "members", _("Everyone who is signed in")
        STAFF = "staff", _("Staff only")

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    way = models.CharField(_("how it comes"), max_length=10, choices=Way, default=Way.PUSH)
    address = models.CharField(_("address of the sitemap"), max_length=500, blank=True)
    readers = models.CharField(_("who may find it"), max_length=10, choices=Readers, default=Readers.PUBLIC)
    language = models.CharField(_("language"), max_length=10, default="en")
    created_at = models.DateTimeField()
    # Where reading the sitemap stands: the next page's place, when this reading began, when to go on, when it ended.
    place = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("external source")
        verbose_name_plural = _("external sources")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ExternalRecord(models.Model):
    """One page or record of a source. `key` is what the source calls it; `seen_at` when it was last met there."""

    source = models.ForeignKey(ExternalSource, on_delete=models.CASCADE, related_name="records")
    key = models.CharField(max_length=500)
    url = models.CharField(max_length=500)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True, max_length=MOST_BODY)
    language = models.CharField(max_length=10, default="en")
    updated_at = models.DateTimeField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("external record")
        verbose_name_plural = _("external records")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="external_record_once"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), MOST_BODY), name="external_record_body_length"
            ),
        ]

    def __str__(self) -> str:
        return self.title
