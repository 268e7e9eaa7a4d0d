"""Cases: what support works on for a customer, its conversation and its threads. Written only by the services here."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from community.cases.looks import CUSTOMER_WORDS, LOOKS, CaseLook
from community.cases.querysets import CaseQuerySet, MessageQuerySet


class CaseStatus(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Waiting on us")
    WAITING = "waiting", _("Waiting on customer")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


ACTIVE = (CaseStatus.NEW, CaseStatus.OPEN, CaseStatus.WAITING)
OURS = (CaseStatus.NEW, CaseStatus.OPEN)
# How soon the customer is answered: the whole of the service-level rule, until organisations bring their own.
REPLY_WITHIN = {
    Priority.LOW: timedelta(hours=48),
    Priority.NORMAL: timedelta(hours=24),
    Priority.HIGH: timedelta(hours=8),
    Priority.URGENT: timedelta(hours=2),
}


class CaseCounter(models.Model):
    """One row whose lock gives the numbers, so they are dense and in the order of the commits."""

    last_serial = models.PositiveIntegerField(default=1000)

    class Meta:
        verbose_name = _("case counter")
        verbose_name_plural = _("case counters")

    def __str__(self) -> str:
        return str(self.last_serial)


class Case(models.Model):
    """`number` (NL-1001) is what people say; `organisation` is the customer's at the time it was opened.

    `reply_due_at` is set while the customer waits for a first or next answer.
    """

    serial = models.PositiveIntegerField(unique=True, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=200)

    status = models.CharField(_("status"), max_length=10, choices=CaseStatus, default=CaseStatus.NEW)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.NORMAL)

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("customer"), on_delete=models.SET_NULL, null=True, blank=True,
        related_name="cases",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("organisation"), on_delete=models.SET_NULL, null=True, blank=True,
        related_name="cases",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.SET_NULL, null=True, blank=True,
        related_name="owned_cases",
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    topics = models.ManyToManyField("forums.Topic", through="cases.CaseLink", related_name="cases")

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    reply_due_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["status", "-updated_at"], name="case_status_latest"),
            models.Index(fields=["customer", "-updated_at"], name="case_customer_latest"),
            models.Index(fields=["owner", "status"], name="case_owner"),
            models.Index(fields=["-created_at"], name="case_created"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.number])

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def look(self) -> CaseLook:
        return LOOKS[self.status]

    @property
    def customer_status(self) -> str:
        """The status in the customer's words: whose turn it is, seen from their side."""
        return str(CUSTOMER_WORDS[self.status])

    @property
    def is_overdue(self) -> bool:
        return self.reply_due_at is not None and self.reply_due_at < timezone.now()

    @property
    def minutes_allowed(self) -> int:
        """How long the customer may wait for an answer."""
        return int(REPLY_WITHIN[Priority(self.priority)].total_seconds() // 60)

    @property
    def time_left(self) -> timedelta | None:
        """How long until an answer is due; below zero when it is late."""
        return None if self.reply_due_at is None else self.reply_due_at - timezone.now()

    @property
    def minutes_used(self) -> int:
        """How much of the time allowed has gone by."""
        left = int(self.time_left.total_seconds() // 60) if self.time_left is not None else self.minutes_allowed
        return min(max(self.minutes_allowed - left, 0), self.minutes_allowed)

    def due_after(self, moment: datetime) -> datetime:
        """When an answer is due to what the customer wrote at that moment."""
        return moment + REPLY_WITHIN[Priority(self.priority)]


class CaseMessage(models.Model):
    """What was said in a case. Internal messages and lines of the product itself are for staff only."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    body = models.TextField(_("text"), max_length=32_000)
    html = models.TextField(max_length=2_000_000, editable=False)
    is_internal = models.BooleanField(_("internal note"), default=False)
    is_system = models.BooleanField(default=False, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=80, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "idempotency_key"], name="case_message_once", condition=~models.Q(idempotency_key="")
            ),
            TextLimit(field="body", limit=32_000, name="case_message_body_limit"),
            TextLimit(field="html", limit=2_000_000, name="case_message_html_limit"),
        ]
        indexes = [models.Index(fields=["case", "created_at"], name="case_message_order")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.pk}"


class CaseLink(models.Model):
    """A thread that a case is about. One case may have several threads, and a thread several cases."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    topic = models.ForeignKey("forums.Topic", on_delete=models.CASCADE, related_name="case_links")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("link to a thread")
        verbose_name_plural = _("links to threads")
        ordering = ["linked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "topic"], name="case_link_once")]

    def __str__(self) -> str:
        return f"{self.case_id} ↔ {self.topic_id}"
