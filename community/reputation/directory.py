"""The list of people in the order of who helps: for ever by standings, lately by what was solved in these days."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.directory import Order, register_order
from accounts.models import User
from community.reputation.tallies import solved_topics

DAYS = 90


def register() -> None:
    """Called once, by the room's AppConfig."""
    register_order("helpful", Order(_("Most helpful"), most_helpful))
    register_order("helpful-lately", Order(_("Most helpful in 90 days"), helpful_lately))


def most_helpful(people: QuerySet[User]) -> QuerySet[User]:
    """Those with points: by accepted answers, which the list tells, then by helpful votes and points."""
    helpers = people.filter(standing__points__gt=0).annotate(solutions=F("standing__solutions"))
    return helpers.order_by("-solutions", "-standing__helpful_votes", "-standing__points", "pk")


def helpful_lately(people: QuerySet[User]) -> QuerySet[User]:
    """Those whose answers were accepted in the last 90 days, counted over what every member reads."""
    solved = solved_topics().filter(solved_at__gte=timezone.now() - timedelta(days=DAYS))
    of_person = solved.filter(solution__author=OuterRef("pk")).values("solution__author").annotate(n=Count("pk"))
    helpers = people.filter(pk__in=solved.values("solution__author"))
    return helpers.annotate(solutions=Subquery(of_person.values("n"))).order_by("-solutions", "pk")
