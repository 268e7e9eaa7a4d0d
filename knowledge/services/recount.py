"""The counters of articles, rebuilt from their votes. Changes nothing where the services counted right."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q

from knowledge.models import ArticlePage, ArticleStanding


@transaction.atomic
def recount_articles() -> int:
    """Rebuild both counters of every article that has a standing or votes; returns how many rows were wrong."""
    wrong = 0
    counted = ArticlePage.objects.annotate(
        yes=Count("votes", filter=Q(votes__is_helpful=True)), no=Count("votes", filter=Q(votes__is_helpful=False))
    ).values_list("pk", "yes", "no", "standing__helpful_count", "standing__unhelpful_count")
    for pk, yes, no, had_yes, had_no in counted:
        if (yes, no) != (had_yes or 0, had_no or 0):
            ArticleStanding.objects.update_or_create(
                article_id=pk, defaults={"helpful_count": yes, "unhelpful_count": no}
            )
            wrong += 1
    return wrong
