"""Where people meet. A space names its readers; all content in it carries the token `space:<id>`."""

from __future__ import annotations

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

    class Order(models.TextChoices):
        """How a list begins; each is a tab of it."""

        LATEST = "latest", _("Latest activity")
        NEWEST = "newest", _("Newest topic")
        UNANSWERED = "unanswered", _("Unanswered questions")
        UNSOLVED = "unsolved", _("Unsolved questions")
        TOP = "top", _("Most helpful")

    class Joining(models.TextChoices):
        OPEN = "open", _("Everyone who may read it joins at once")
        REQUEST = "request", _("Everyone who may read it may ask")
        INVITATION = "invitation", _("By invitation only")

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")  # empty: the site's
    colour = models.CharField(_("colour"), max_length=12, choices=Colour, default=Colour.TEAL)
    icon = models.CharField(_("icon"), max_length=40, default="messages-square")
    kinds = models.JSONField(_("kinds of topic"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=100)
    is_archived = models.BooleanField(_("archived"), default=False)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    template = models.TextField(_("template for new topics"), blank=True)
    templates = models.JSONField(_("templates of single kinds"), default=dict, blank=True)  # by kind, before `template`
    default_order = models.CharField(_("list begins with"), max_length=12, choices=Order, default=Order.LATEST)
    tags_allowed = models.JSONField(_("tags to choose from"), default=list, blank=True)
    tags_least = models.PositiveSmallIntegerField(_("fewest tags of a topic"), default=0)
    joining = models.CharField(_("how people join"), max_length=12, choices=Joining, default=Joining.INVITATION)
    narrowed = models.JSONField(default=list, blank=True, editable=False)  # the acts that have a rule (`SpaceRule`)

    created_at = models.DateTimeField(auto_now_add=True)
    topic_count = models.PositiveIntegerField(default=0, editable=False)
    last_activity_at = models.DateTimeField(null=True, editable=False)

    has_parts = False  # set by `SpaceQuerySet.at`

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        ordering = ["position", "name"]
        constraints = [
            TextLimit(field="kinds", limit=1_000, name="space_kinds_limit", is_json=True),
            TextLimit(field="template", limit=10_000, name="space_template_limit"),
            TextLimit(field="templates", limit=100_000, name="space_templates_limit", is_json=True),
            TextLimit(field="tags_allowed", limit=4_000, name="space_tags_limit", is_json=True),
            TextLimit(field="narrowed", limit=100, name="space_narrowed_limit", is_json=True),
        ]

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
        """Whether it is closed to some who are signed in, by its own readers or by those of the space above."""
        own = self.audience not in {"public", "members"}
        return own or (self.parent is not None and self.parent.is_private)

    def template_for(self, kind: str) -> str:
        """What stands in the text box of a new topic of this kind."""
        return str(self.templates.get(kind, self.template))

    def allows(self, kind: str) -> bool:
        """Whether topics of this kind may be started here; an empty list allows questions and discussions."""
        return kind in (self.kinds or ["question", "discussion"])


class SpaceAddress(models.Model):
    """An address that a space had before; it leads to the one that it has now."""

    slug = models.SlugField(max_length=60, unique=True)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="addresses")

    class Meta:
        verbose_name = _("earlier address of a space")
        verbose_name_plural = _("earlier addresses of spaces")

    def __str__(self) -> str:
        return self.slug
