"""Private conversations: who takes part, and what they said. Written only by `community.direct.services`."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from community.direct.querysets import ConversationQuerySet, DirectMessageQuerySet


class Conversation(models.Model):
    """Between people, groups, or both; numbers of its messages are dense and given under its lock."""

    subject = models.CharField(_("subject"), max_length=200)
    groups = models.ManyToManyField(Group, blank=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    last_posted_at = models.DateTimeField()
    last_number = models.PositiveIntegerField(default=0)

    # Set by the inbox's selector for its viewer, not stored.
    read_to: int
    is_unread: bool

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [models.Index(fields=["-last_posted_at"], name="conversation_latest")]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("direct:conversation", args=[self.pk])


class ConversationMember(models.Model):
    """One person's place in it. Who reads by a group alone has a row for the marks only (`is_invited` is off)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_invited = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    read_to = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("member of a conversation")
        verbose_name_plural = _("members of conversations")
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="conversation_member_once")]
        indexes = [models.Index(fields=["user", "conversation"], name="conversation_of")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


class Message(models.Model):
    """What somebody said; removed ones are shown to nobody but moderators."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("text"), max_length=32_000)
    html = models.TextField(max_length=700_000)
    status = models.CharField(
        max_length=12, choices=[("published", _("Published")), ("removed", _("Removed"))], default="published"
    )
    created_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64, blank=True, editable=False)

    objects = DirectMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["conversation_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="message_number_once"),
            models.UniqueConstraint(
                fields=["author", "idempotency_key"], name="message_sent_once", condition=~models.Q(idempotency_key="")
            ),
            TextLimit(field="body", limit=32_000, name="message_body_limit"),
            TextLimit(field="html", limit=700_000, name="message_html_limit"),
        ]
        indexes = [models.Index(fields=["author", "created_at"], name="message_author")]

    def __str__(self) -> str:
        return f"message {self.pk}"

    def get_absolute_url(self) -> str:
        return f"{reverse('direct:conversation', args=[self.conversation_id])}#message-{self.number}"
