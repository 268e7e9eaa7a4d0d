"""What people feel about a post: an emoji by its name. It moves no reputation and sorts nothing; votes do."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PostReaction(models.Model):
    """One person reacts to a post with one emoji; with several, it is several rows."""

    post = models.ForeignKey("forums.Post", on_delete=models.CASCADE, related_name="reaction_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [models.UniqueConstraint(fields=["post", "user", "name"], name="post_reaction_once")]
        indexes = [models.Index(fields=["user", "created_at"], name="post_reaction_of")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name} {self.post_id}"
