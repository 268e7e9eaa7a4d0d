"""What somebody read before they asked: help that did not help."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadBefore(models.Model):
    """One thing that the asker opened from the ask form; `kind` and `object_id` are those of its search source."""

    topic = models.ForeignKey("forums.Topic", on_delete=models.CASCADE, related_name="read_before")
    kind = models.CharField(max_length=20)
    object_id = models.PositiveBigIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("read before asking")
        verbose_name_plural = _("read before asking")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["topic", "kind", "object_id"], name="read_before_once")]
        indexes = [models.Index(fields=["kind", "object_id"], name="read_before_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} before {self.topic_id}"
