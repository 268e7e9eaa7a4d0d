"""Events: a topic of kind “event” with a time and a place. Written only by `community.calendar.services`."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.calendar.querysets import EventQuerySet


class Answer(models.TextChoices):
    GOING = "going", _("Going")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("Not going")


class CalendarEvent(models.Model):
    """What a topic of kind event has beyond a topic; it shares the topic's id, page, posts and readers.

    `zone` is the IANA name of the place's time zone. `join_minutes` is how long before the start the link is shown;
    None: always. `sequence` counts changes that people with a calendar have to hear of (RFC 5545, section 3.8.7.4).
    """

    topic = models.OneToOneField("forums.Topic", on_delete=models.CASCADE, primary_key=True, related_name="event")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=64)
    place = models.CharField(_("place"), max_length=200, blank=True)
    join_url = models.URLField(_("link to join"), max_length=500, blank=True)
    join_minutes = models.PositiveSmallIntegerField(_("link shown from"), null=True, blank=True, default=15)

    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(_("called off"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    going_count = models.PositiveIntegerField(default=0, editable=False)
    maybe_count = models.PositiveIntegerField(default=0, editable=False)

    # Set by selectors for their viewer: what they answered, and whether the link to join is shown to them now.
    answer: str | None
    may_join: bool

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["starts_at"], name="event_starts"),
            models.Index(fields=["ends_at"], name="event_ends"),
        ]

    def __str__(self) -> str:
        return self.topic.title

    def get_absolute_url(self) -> str:
        return self.topic.get_absolute_url()

    @property
    def starts(self) -> datetime:
        """When it starts by the clock of its own time zone."""
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def ends(self) -> datetime:
        """When it ends by the clock of its own time zone."""
        return self.ends_at.astimezone(ZoneInfo(self.zone))

    @property
    def is_one_day(self) -> bool:
        return self.starts.date() == self.ends.date()

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def is_over(self, now: datetime | None = None) -> bool:
        return self.ends_at <= (now or timezone.now())

    @property
    def is_past(self) -> bool:
        """`is_over`, for templates."""
        return self.is_over()

    def is_joinable(self, now: datetime) -> bool:
        """Whether this is the time at which the link to join is shown."""
        if not self.join_url or self.is_cancelled or self.is_over(now):
            return False
        return self.join_minutes is None or now >= self.starts_at - timedelta(minutes=self.join_minutes)


class Attendance(models.Model):
    """What one person answered to an event."""

    event = models.ForeignKey(CalendarEvent, on_delete=models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(_("answer"), max_length=8, choices=Answer)
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer to an event")
        verbose_name_plural = _("answers to events")
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="attendance_once")]
        indexes = [models.Index(fields=["event", "answer", "answered_at"], name="attendance_answer")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.answer} ({self.event_id})"
