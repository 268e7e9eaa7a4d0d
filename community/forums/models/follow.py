"""What a person keeps up with: one row per person and topic, so unread is arithmetic."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TopicRead(models.Model):
    """Read up to and including this post number."""

    topic = models.ForeignKey("forums.Topic", on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    last_post_number = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="topic_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.topic_id} to {self.last_post_number}"


class TopicFollow(models.Model):
    """A person hears of new posts; `is_muted` remembers a clear no, so that replying does not follow again."""

    topic = models.ForeignKey("forums.Topic", on_delete=models.CASCADE, related_name="follows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_muted = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="topic_follow_once")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.topic_id}"
