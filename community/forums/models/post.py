"""A post: its Markdown source and the HTML rendered from it once; number 1 is the topic's own text."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from community.forums.models.status import Status
from community.forums.querysets import PostQuerySet


class Post(models.Model):
    """Numbers are dense per topic, given under the topic's lock and never used again. A whisper is for staff only.

    `reactions` is how many of each there are, as `reactions.told` writes it; the rows are `PostReaction`.
    """

    topic = models.ForeignKey("forums.Topic", on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField()
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="answers")
    body = models.TextField(_("text"), max_length=200_000)
    html = models.TextField(max_length=2_000_000)

    status = models.CharField(max_length=12, choices=Status, default=Status.PUBLISHED)
    is_whisper = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="posts")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    vote_count = models.IntegerField(default=0)
    reactions = models.CharField(max_length=800, blank=True, editable=False)
    is_wiki = models.BooleanField(_("wiki post"), default=False)
    is_locked = models.BooleanField(_("changed by staff only"), default=False)
    has_poll = models.BooleanField(default=False, editable=False)
    imported_votes = models.PositiveIntegerField(default=0, editable=False)
    idempotency_key = models.CharField(max_length=64, blank=True, editable=False)
    imported_from = models.CharField(max_length=120, blank=True, editable=False)

    # Set by the page's selector for its viewer, not stored.
    is_voted: bool
    is_kept: bool
    reacted: str | None
    poll_shown: Any
    answered: Post | None

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["topic_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="post_number_once"),
            models.UniqueConstraint(
                fields=["author", "idempotency_key"], name="post_sent_once", condition=~models.Q(idempotency_key="")
            ),
            models.UniqueConstraint(
                fields=["imported_from"], name="post_imported_once", condition=~models.Q(imported_from="")
            ),
            TextLimit(field="body", limit=200_000, name="post_body_limit"),
            TextLimit(field="html", limit=2_000_000, name="post_html_limit"),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at"], name="post_author"),
            models.Index(fields=["topic", "-vote_count"], name="post_helpful", condition=models.Q(vote_count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.topic.get_absolute_url()}?post={self.number}#post-{self.number}"

    @property
    def is_first(self) -> bool:
        return self.number == 1


class PostRevision(models.Model):
    """What a post said before an edit; `version` is the version that this text was."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    body = models.TextField(max_length=200_000)
    title = models.CharField(max_length=200, blank=True)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["post", "version"], name="post_revision_once"),
            TextLimit(field="body", limit=200_000, name="post_revision_body_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} v{self.version}"


class PostVote(models.Model):
    """One person finds a post helpful."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="post_vote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.post_id}"
