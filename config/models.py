"""What imports remember: which row became what, and how far a file has been read. Written only by `config.archive`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedId(models.Model):
    """One row of a source and what it became here. `address` is where it stood, so that links to it can follow it."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    source_id = models.CharField(max_length=200)
    target_id = models.BigIntegerField()
    digest = models.CharField(max_length=32)
    address = models.CharField(max_length=300, blank=True)
    has_links = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [models.UniqueConstraint(fields=["source", "kind", "source_id"], name="imported_once")]
        indexes = [
            models.Index(fields=["source", "address"], name="imported_address", condition=~models.Q(address="")),
            models.Index(fields=["source", "id"], name="imported_with_links", condition=models.Q(has_links=True)),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.kind}:{self.source_id}"


class OldAddress(models.Model):
    """Where something stood before it came here: `name` is what every form of that address comes down to.

    `host` is empty where it is not known. Whoever comes by it is led on only if they may see what it leads to.
    """

    class Kind(models.TextChoices):
        TOPIC = "topic", _("Topic")
        POST = "post", _("Post")
        MEMBER = "member", _("Member")
        SPACE = "space", _("Space")
        ARTICLE = "article", _("Article")
        WIKI = "wiki", _("Wiki page")

    source = models.CharField(max_length=40)
    host = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind)
    target_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [models.UniqueConstraint(fields=["name", "host"], name="old_address_once")]
        indexes = [models.Index(fields=["kind", "target_id"], name="old_address_target")]

    def __str__(self) -> str:
        return f"{self.host}/{self.name}"


class ImportCheckpoint(models.Model):
    """How far one file of a source is in: everything up to `line` is stored, in the same transaction as this row."""

    source = models.CharField(max_length=40)
    name = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=80)
    line = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    is_finished = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("import checkpoint")
        verbose_name_plural = _("import checkpoints")
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="import_checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.source}/{self.name} line {self.line}"
