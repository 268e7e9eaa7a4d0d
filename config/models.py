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
