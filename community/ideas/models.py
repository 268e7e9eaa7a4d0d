"""Ideas: a topic of kind “idea” with a status, votes and a history. Written only by `community.ideas.services`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from community.ideas.looks import LOOKS, IdeaLook
from community.ideas.querysets import IdeaQuerySet


class IdeaStatus(models.TextChoices):
    NEW = "new", _("New")
    UNDER_REVIEW = "under_review", _("Under review")
    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    SHIPPED = "shipped", _("Shipped")
    DECLINED = "declined", _("Declined")


SETTLED = frozenset({IdeaStatus.SHIPPED, IdeaStatus.DECLINED})
ROADMAP = (IdeaStatus.PLANNED, IdeaStatus.IN_PROGRESS, IdeaStatus.SHIPPED)


class Idea(models.Model):
    """What a topic of kind idea has beyond a topic; it shares the topic's id, page, comments and readers.

    `imported_votes` are votes whose voters are not known here; `vote_count` holds them too.
    """

    topic = models.OneToOneField("forums.Topic", on_delete=models.CASCADE, primary_key=True, related_name="idea")
    status = models.CharField(_("status"), max_length=16, choices=IdeaStatus, default=IdeaStatus.NEW)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), on_delete=models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    status_changed_at = models.DateTimeField(null=True, blank=True)
    vote_count = models.PositiveIntegerField(_("votes"), default=0)
    imported_votes = models.PositiveIntegerField(default=0, editable=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        indexes = [
            models.Index(fields=["-vote_count", "-topic"], name="idea_top"),
            models.Index(fields=["status", "-vote_count"], name="idea_status_top"),
        ]

    def __str__(self) -> str:
        return self.topic.title

    def get_absolute_url(self) -> str:
        return self.topic.get_absolute_url()

    @property
    def vote_url(self) -> str:
        return reverse("ideas:vote", args=[self.pk])

    @property
    def is_settled(self) -> bool:
        """Decided for good: votes stand as they are."""
        return self.status in SETTLED or self.merged_into_id is not None

    @property
    def look(self) -> IdeaLook:
        """The colour and icon of the status."""
        return LOOKS[self.status]


class IdeaVote(models.Model):
    """One person wants an idea."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("vote for an idea")
        verbose_name_plural = _("votes for ideas")
        constraints = [models.UniqueConstraint(fields=["idea", "user"], name="idea_vote_once")]
        indexes = [models.Index(fields=["idea", "created_at"], name="idea_vote_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.idea_id}"


class IdeaStatusChange(models.Model):
    """What staff decided about an idea, when, and what they said; never changed afterwards."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="status_changes")
    before = models.CharField(max_length=16, choices=IdeaStatus)
    after = models.CharField(max_length=16, choices=IdeaStatus)
    note = models.TextField(_("note"), max_length=2_000, blank=True)
    html = models.TextField(max_length=100_000, blank=True, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            TextLimit(field="note", limit=2_000, name="idea_note_limit"),
            TextLimit(field="html", limit=100_000, name="idea_note_html_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.idea_id}: {self.before} → {self.after}"

    @property
    def look(self) -> IdeaLook:
        """The colour and icon of what it became."""
        return LOOKS[self.after]
