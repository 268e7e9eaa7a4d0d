"""What readers and checkers say of an article. Apart from the page, so that publishing a revision never undoes it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ArticleStanding(models.Model):
    """The counters count `ArticleVote` rows and move in `services.article_vote_helpful`."""

    article = models.OneToOneField("knowledge.ArticlePage", on_delete=models.CASCADE, related_name="standing")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    helpful_count = models.PositiveIntegerField(default=0)
    unhelpful_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("standing of an article")
        verbose_name_plural = _("standings of articles")
        indexes = [models.Index(fields=["-helpful_count"], name="standing_helpful")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.helpful_count}/{self.unhelpful_count}"


class ArticleVote(models.Model):
    """One answer to “Was this helpful?”: by a person, or by a visitor whom a signed cookie remembers."""

    article = models.ForeignKey("knowledge.ArticlePage", on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    visitor = models.CharField(max_length=32, blank=True)
    is_helpful = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("answer to “Was this helpful?”")
        verbose_name_plural = _("answers to “Was this helpful?”")
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="article_vote_once"),
            models.UniqueConstraint(
                fields=["article", "visitor"], name="article_vote_visitor_once", condition=~models.Q(visitor="")
            ),
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(visitor=""), name="article_vote_by_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {'yes' if self.is_helpful else 'no'}"
