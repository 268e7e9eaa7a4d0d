"""A poll in a post: a question with options, and who chose what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Results(models.TextChoices):
    """When the counts are shown to those who may read the post."""

    ALWAYS = "always", _("Always")
    VOTED = "voted", _("After voting")
    CLOSED = "closed", _("After it closes")


class Poll(models.Model):
    """`voter_count` is how many people chose, which in a poll of many choices is fewer than the choices."""

    post = models.OneToOneField("forums.Post", on_delete=models.CASCADE, related_name="poll")
    question = models.CharField(_("question"), max_length=200)
    most = models.PositiveSmallIntegerField(_("choices a person has"), default=1)
    results = models.CharField(_("results are shown"), max_length=10, choices=Results, default=Results.ALWAYS)
    is_public = models.BooleanField(_("shows who chose what"), default=False)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    voter_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")

    def __str__(self) -> str:
        return self.question

    def is_open(self) -> bool:
        return self.closes_at is None or self.closes_at > timezone.now()


class PollOption(models.Model):
    """One answer, in the order in which they were written."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=120)
    vote_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("option of a poll")
        verbose_name_plural = _("options of polls")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="poll_option_once")]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """One person chose one option; where several may be chosen, it is several rows."""

    option = models.ForeignKey(PollOption, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("choice in a poll")
        verbose_name_plural = _("choices in polls")
        constraints = [models.UniqueConstraint(fields=["option", "user"], name="poll_vote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.option_id}"
