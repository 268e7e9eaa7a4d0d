"""Mails that wait to be sent. The row is written in the transaction that caused the mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboundEmail(models.Model):
    """One recipient a row. Without a mail server rows stay `kept` and are read at /dev/mails/."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        KEPT = "kept", _("Kept here")
        FAILED = "failed", _("Failed")

    recipient = models.EmailField(max_length=254)
    subject = models.CharField(max_length=300)
    message = models.BinaryField()
    text = models.TextField(max_length=100000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="mail_due", condition=models.Q(state="waiting")),
            models.Index(fields=["created_at"], name="mail_failed", condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        return self.subject
