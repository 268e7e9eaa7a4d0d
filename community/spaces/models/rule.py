"""Who may do what in a space, where that is not everyone who reads it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Audienced


class Act(models.TextChoices):
    START = "start", _("Start topics")
    REPLY = "reply", _("Reply")
    TAG = "tag", _("Tag topics")


class SpaceRule(Audienced):
    """One act of one space and those who may do it, named as readers are. An act without a rule is for all readers.

    It can only take away: who may not read the space may do nothing in it, whatever a rule says.
    """

    space = models.ForeignKey("spaces.Space", on_delete=models.CASCADE, related_name="rules")
    act = models.CharField(max_length=8, choices=Act)

    class Meta:
        verbose_name = _("rule of a space")
        verbose_name_plural = _("rules of spaces")
        constraints = [models.UniqueConstraint(fields=["space", "act"], name="space_rule_once")]

    def __str__(self) -> str:
        return f"{self.act} in {self.space_id}"
