"""A topic of one of a few kinds, with its posts numbered from 1."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address
from accounts.models import User
from community.forums.kinds import LOOKS, SOLVABLE, Look
from community.forums.models.status import Status
from community.forums.querysets import TopicQuerySet

# words that `/t/<id>/<word>/` uses itself
RESERVED_SLUGS = {"reply", "posts", "follow", "act", "help", "manage", "regroup", "related", "summary", "print"}


class Kind(models.TextChoices):
    QUESTION = "question", _("Question")
    DISCUSSION = "discussion", _("Discussion")
    PROBLEM = "problem", _("Problem")
    PRAISE = "praise", _("Praise")
    ANNOUNCEMENT = "announcement", _("Announcement")
    EVENT = "event", _("Event")
    SNIPPET = "snippet", _("Code")
    IDEA = "idea", _("Idea")


# As many of a kind are called, for the lists; ideas have a board of their own.
PLURALS = {
    Kind.QUESTION: _("Questions"), Kind.DISCUSSION: _("Discussions"), Kind.PROBLEM: _("Problems"),
    Kind.PRAISE: _("Praise"), Kind.ANNOUNCEMENT: _("Announcements"), Kind.EVENT: _("Events"),
    Kind.SNIPPET: _("Code"),
}  # fmt: skip


class Topic(models.Model):
    """`reply_count` and the last-post fields count published posts after the first that are not whispers."""

    space = models.ForeignKey("spaces.Space", on_delete=models.PROTECT, related_name="topics")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.QUESTION)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=80, blank=True)
    tags = models.ManyToManyField("forums.Tag", blank=True, related_name="topics")

    status = models.CharField(max_length=12, choices=Status, default=Status.PUBLISHED)
    is_closed = models.BooleanField(_("closed"), default=False)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_archived = models.BooleanField(_("archived"), default=False)
    is_unlisted = models.BooleanField(_("unlisted"), default=False)
    slow_seconds = models.PositiveIntegerField(_("slow mode"), default=0)
    notice = models.CharField(_("staff notice"), max_length=500, blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")
    solution = models.ForeignKey("forums.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="solves")
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    needs_info_since = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_until = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True, editable=False)

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="topics")
    last_poster = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    last_posted_at = models.DateTimeField()
    bumped_at = models.DateTimeField(null=True, blank=True)

    reply_count = models.PositiveIntegerField(default=0)
    last_post_number = models.PositiveIntegerField(default=0)
    last_shown_number = models.PositiveIntegerField(default=0)
    vote_count = models.IntegerField(default=0)
    view_count = models.PositiveIntegerField(default=0)
    imported_from = models.CharField(max_length=120, blank=True, editable=False)

    # Set by selectors for their viewer and by the search source, not stored.
    is_unread: bool
    is_followed: bool
    read_to: int | None
    faces: list[User]
    taker: str
    said: list[Any]

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(
                fields=["imported_from"], name="topic_imported_once", condition=~models.Q(imported_from="")
            )
        ]
        indexes = [
            models.Index(fields=["space", "-last_posted_at"], name="topic_space_latest"),
            models.Index(fields=["-last_posted_at"], name="topic_latest"),
            models.Index(fields=["author", "-created_at"], name="topic_author"),
            models.Index(fields=["-vote_count", "-reply_count", "-id"], name="topic_top"),
            models.Index(fields=["-created_at"], name="topic_newest"),
            models.Index(
                fields=["-last_posted_at"], name="topic_needs_info", condition=models.Q(needs_info_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.slug = self.slug or self.slug_for(self.title)
        super().save(*args, **kwargs)

    @staticmethod
    def slug_for(title: str) -> str:
        """The words of an address. They follow the title, so that what an author took out of it is gone there, too."""
        slug = slugify(title)[:70] or "topic"
        return f"{slug}-topic" if slug in RESERVED_SLUGS else slug

    def get_absolute_url(self) -> str:
        return address("forums:topic-detail", self.pk, self.slug or "topic")

    @property
    def is_question(self) -> bool:
        return self.kind == Kind.QUESTION

    @property
    def is_solvable(self) -> bool:
        """Whether one of its replies can be the answer: of questions, and of problems."""
        return self.kind in SOLVABLE

    @property
    def is_solved(self) -> bool:
        return self.solution_id is not None

    def is_taken(self, now: datetime | None = None) -> bool:
        """Whether somebody is writing an answer just now."""
        until = self.taken_until
        return self.taken_by_id is not None and until is not None and until > (now or timezone.now())

    @property
    def state(self) -> str:
        """What icon, word and colour tell.

        One of solved, waiting (for more information), open (needs an answer), answered, praise, event, snippet,
        talk, news, plan (an idea). Problems have the states of questions.
        """
        if self.kind == Kind.IDEA:
            return "plan"
        if self.kind == Kind.ANNOUNCEMENT:
            return "news"
        if self.kind in (Kind.PRAISE, Kind.EVENT, Kind.SNIPPET):
            return self.kind
        if not self.is_solvable:
            return "talk"
        if self.is_solved:
            return "solved"
        if self.needs_info_since is not None:
            return "waiting"
        return "answered" if self.reply_count else "open"

    @property
    def look_name(self) -> str:
        """The name of the look: the state, and the kind before it where its state looks otherwise than a question's."""
        name = f"{self.kind}-{self.state}"
        return name if name in LOOKS else self.state

    @property
    def look(self) -> Look:
        """The icon, words and colour of the state."""
        return LOOKS[self.look_name]
