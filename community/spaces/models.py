"""Where people meet. A space names its readers; all content in it carries the token `space:<id>`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address
from accounts.models import Audienced
from accounts.models.limits import TextLimit
from community.spaces.querysets import SpaceQuerySet


class Space(Audienced):
    """Written only by `community.spaces.services`; the counters move in the services of forums."""

    class Colour(models.TextChoices):
        TEAL = "teal", _("Teal")
        BLUE = "blue", _("Blue")
        BROWN = "brown", _("Brown")
        PURPLE = "purple", _("Purple")
        GREY = "grey", _("Grey")
        GREEN = "green", _("Green")
        ROSE = "rose", _("Rose")
        AMBER = "amber", _("Amber")

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    colour = models.CharField(_("colour"), max_length=12, choices=Colour, default=Colour.TEAL)
    icon = models.CharField(_("icon"), max_length=40, default="messages-square")
    kinds = models.JSONField(_("kinds of topic"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=100)
    is_archived = models.BooleanField(_("archived"), default=False)

    created_at = models.DateTimeField(auto_now_add=True)
    topic_count = models.PositiveIntegerField(default=0, editable=False)
    last_activity_at = models.DateTimeField(null=True, editable=False)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        ordering = ["position", "name"]
        constraints = [TextLimit(field="kinds", limit=1_000, name="space_kinds_limit", is_json=True)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("forums:space", self.slug)

    @property
    def token(self) -> str:
        """The audience token of everything inside."""
        return f"space:{self.pk}"

    @property
    def is_private(self) -> bool:
        return self.audience not in {"public", "members"}

    def allows(self, kind: str) -> bool:
        """Whether topics of this kind may be started here; an empty list allows questions and discussions."""
        return kind in (self.kinds or ["question", "discussion"])


class SpaceMembership(models.Model):
    """A person who joined a space or was put there by name; a reviewer moderates just this space."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        REVIEWER = "reviewer", _("Reviewer")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="space_memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("space membership")
        verbose_name_plural = _("space memberships")
        constraints = [models.UniqueConstraint(fields=["space", "user"], name="space_membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.space_id}"
