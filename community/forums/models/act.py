"""What moderators did to topics: kept so that it can be undone, and so that old addresses of posts still lead there."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit


class TopicAct(models.Model):
    """One press of a button, on one topic or on many."""

    act = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("act on topics")
        verbose_name_plural = _("acts on topics")

    def __str__(self) -> str:
        return f"{self.act} #{self.pk}"


class TopicActRow(models.Model):
    """What it changed on one topic: `changes` is {field: [before, after]}."""

    act = models.ForeignKey(TopicAct, on_delete=models.CASCADE, related_name="rows")
    topic = models.ForeignKey("forums.Topic", on_delete=models.CASCADE, related_name="+")
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("act on a topic")
        verbose_name_plural = _("acts on a topic")
        constraints = [
            models.UniqueConstraint(fields=["act", "topic"], name="topic_act_row_once"),
            TextLimit(field="changes", limit=10_000, name="topic_act_changes_limit", is_json=True),
        ]

    def __str__(self) -> str:
        return f"{self.act_id} on {self.topic_id}"


class PostMove(models.Model):
    """A post stood in another topic under another number; that address leads to it. Numbers are not given again."""

    post = models.ForeignKey("forums.Post", on_delete=models.CASCADE, related_name="moves")
    from_topic = models.ForeignKey("forums.Topic", on_delete=models.CASCADE, related_name="moved_away")
    from_number = models.PositiveIntegerField()
    act = models.ForeignKey(TopicAct, on_delete=models.SET_NULL, null=True, related_name="moves")

    class Meta:
        verbose_name = _("moved post")
        verbose_name_plural = _("moved posts")
        indexes = [models.Index(fields=["from_topic", "from_number"], name="post_move_address")]

    def __str__(self) -> str:
        return f"{self.post_id} was #{self.from_number} of {self.from_topic_id}"


class TopicTimer(models.Model):
    """Something that the worker does to a topic at a time; one of each sort a topic."""

    class Act(models.TextChoices):
        CLOSE = "close", _("Close")
        REOPEN = "reopen", _("Reopen")
        UNPIN = "unpin", _("Unpin")
        BUMP = "bump", _("Move to the top")
        PUBLISH = "publish", _("Publish")

    topic = models.ForeignKey("forums.Topic", on_delete=models.CASCADE, related_name="timers")
    act = models.CharField(max_length=10, choices=Act)
    due_at = models.DateTimeField(db_index=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["topic", "act"], name="topic_timer_once")]

    def __str__(self) -> str:
        return f"{self.act} {self.topic_id} at {self.due_at}"
