"""The review queue: one item a target, its flags, and every decision for ever.

Written only by `community.moderation.services`. The target's own `status` is the truth of visibility.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.moderation.querysets import ReviewItemQuerySet


class ReviewItem(models.Model):
    """At most one open a target. `version` grows with every change, so that no moderator overwrites another."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        REMOVED = "removed", _("Removed")

    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField()
    container = models.CharField(max_length=60, db_index=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="review_items"
    )
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    score = models.FloatField(default=0)
    flag_count = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("review item")
        verbose_name_plural = _("review items")
        constraints = [
            models.UniqueConstraint(
                fields=["target_type", "target_id"], name="review_item_open_once", condition=Q(state="open")
            )
        ]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="review_item_target"),
            models.Index(fields=["state", "-score", "opened_at"], name="review_item_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.target_type}:{self.target_id}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:item", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Reason(models.TextChoices):
    SPAM = "spam", _("Spam")
    RUDE = "rude", _("Rude or hurtful")
    OFF_TOPIC = "off_topic", _("Off topic")
    PRIVATE_INFO = "private_info", _("Private information")
    OTHER = "other", _("Something else")


class Flag(models.Model):
    """One a reporter and item: a person's, or a rule's (then `rule` names it and there is no reporter)."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        DECLINED = "declined", _("Declined")

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="flags")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="flags"
    )
    rule = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    note = models.CharField(_("note"), max_length=500, blank=True)
    weight = models.FloatField(default=1)

    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    closed_by = models.ForeignKey(
        "moderation.ReviewDecision", on_delete=models.SET_NULL, null=True, blank=True, related_name="flags"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["-weight", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "reporter"], name="flag_once", condition=Q(reporter__isnull=False)
            ),
            models.UniqueConstraint(fields=["item", "rule"], name="flag_rule_once", condition=~Q(rule="")),
        ]
        indexes = [models.Index(fields=["reporter", "-created_at"], name="flag_reporter")]

    def __str__(self) -> str:
        return f"{self.reason} on {self.item_id}"


class ReviewDecision(models.Model):
    """Who decided what, when and why. Never changed but for the mark that it was undone."""

    class Action(models.TextChoices):
        KEEP = "keep", _("Keep")
        REMOVE = "remove", _("Remove")

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="decisions")
    action = models.CharField(max_length=12, choices=Action)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    state_before = models.CharField(max_length=12, choices=ReviewItem.State)
    status_before = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["by", "-created_at"], name="review_decision_by")]

    def __str__(self) -> str:
        return f"{self.action} {self.item_id}"
