"""The log and its deliveries. Events are never changed; a delivery is one subscriber's errand for one event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit


class Event(models.Model):
    """`name` is noun.verb in the past (`topic.created`); `data` holds ids and words, never secrets or bodies."""

    name = models.CharField(max_length=60, db_index=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict)
    is_quiet = models.BooleanField(default=False)
    request_id = models.CharField(max_length=64, blank=True, db_default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [TextLimit(field="data", limit=100_000, name="event_data_limit", is_json=True)]
        indexes = [models.Index(fields=["target_type", "target_id"], name="event_target")]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Delivery(models.Model):
    """At least once: claimed with a lease, tried again with growing delay, parked after the last attempt."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        PARKED = "parked", _("Parked")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], name="delivery_due", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["subscriber"], name="delivery_parked", condition=models.Q(state="parked")),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} ← event {self.event_id}"


class Heartbeat(models.Model):
    """A process of the product, and when it was last known to work. Written by the process itself (`pulse`)."""

    class Kind(models.TextChoices):
        WEB = "web", _("Web")
        WORKER = "worker", _("Worker")

    process = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering = ["kind", "started_at"]

    def __str__(self) -> str:
        return self.process
