"""Reading who helps: the home page's list and a profile's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max
from django.utils import timezone

from accounts.models import User
from accounts.viewer import Viewer
from community.forums.models import Topic
from community.reputation.models import Standing
from community.reputation.tallies import solved_topics


@dataclass(frozen=True, slots=True)
class Helper:
    """A person and how many questions they solved in the time asked for."""

    person: User
    solutions: int


def helping_most(viewer: Viewer, days: int = 30, limit: int = 3) -> list[Helper]:
    """Whose answers were accepted most lately, counted over what this viewer may see; two queries."""
    since = timezone.now() - timedelta(days=days)
    visible = Topic.objects.visible_to(viewer).values("pk")
    rows = (
        solved_topics().filter(pk__in=visible, solved_at__gte=since, solution__author__is_active=True)
        .values_list("solution__author").annotate(n=Count("pk"), last=Max("solved_at")).order_by("-n", "-last")[:limit]
    )
    counted = {author: number for author, number, _last in rows}
    people = User.objects.in_bulk(counted)
    return [Helper(people[author], number) for author, number in counted.items()]


def standing_of(user_id: int) -> Standing:
    """A person's numbers; zeros for somebody who has none yet."""
    return Standing.objects.filter(pk=user_id).first() or Standing(user_id=user_id)


def rank_of(user_id: int) -> int | None:
    """The person's place among all by points, 1 first; None without points."""
    points = Standing.objects.filter(pk=user_id, points__gt=0).values_list("points", flat=True).first()
    return None if points is None else Standing.objects.filter(points__gt=points).count() + 1
