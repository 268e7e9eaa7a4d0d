"""The numbers of the report, computed by the database in a constant number of queries.

Topics count only where the reader may see them (a manager outside a private space does not count it). The two
medians are the middle row of the sorted durations, which both databases can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from accounts.viewer import Viewer
from community.cases.models import Case, CaseLink
from community.forums.models import Post, Topic, TopicRead
from community.insights.deflection import Estimate, estimate
from community.insights.in_vain import InVain, read_in_vain
from community.insights.period import Period
from search.models import SearchLog

MOST_GAPS = 10
BARS = 12
STAFF = ("is_agent", "is_moderator", "is_manager", "is_superuser")


@dataclass(frozen=True, slots=True)
class SpaceLine:
    """One space's questions in the period."""

    name: str
    slug: str
    asked: int
    solved: int
    unanswered: int

    @property
    def solved_share(self) -> float | None:
        return 100 * self.solved / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was looked for and not found."""

    text: str
    searches: int


@dataclass(frozen=True, slots=True)
class Report:
    """What the page and the CSV show. Durations are None where nothing was answered or solved."""

    period: Period
    asked: int
    asked_before: int
    solved: int
    solved_by_peers: int
    unanswered_now: int
    first_reply: timedelta | None
    solution_time: timedelta | None
    writers: int
    active: int
    searches: int
    searches_empty: int
    gaps: list[Gap]
    cases: int
    cases_linked: int
    solved_views: int
    other_views: int
    spaces: list[SpaceLine]
    in_vain: list[InVain]
    deflection: Estimate

    @property
    def solved_share(self) -> float | None:
        return 100 * self.solved / self.asked if self.asked else None

    @property
    def empty_share(self) -> float | None:
        return 100 * self.searches_empty / self.searches if self.searches else None

    @property
    def linked_share(self) -> float | None:
        return 100 * self.cases_linked / self.cases if self.cases else None


def report(viewer: Viewer, period: Period, assumptions: Mapping[str, float]) -> Report:
    """The whole report; thirteen queries whatever the size of the community, and some for what was read in vain."""
    every = Topic.objects.visible_to(viewer).published().questions().order_by()
    asked = every.filter(created_at__gte=period.start, created_at__lt=period.end)
    counts = _question_counts(asked)
    searches = SearchLog.objects.filter(created_at__gte=period.start, created_at__lt=period.end, page=1).order_by()
    found = searches.aggregate(every=Count("pk"), empty=Count("pk", filter=Q(count=0)))
    cases = _case_counts(viewer, period)
    return Report(
        period=period, asked=counts["asked"],
        asked_before=every.filter(created_at__gte=period.before, created_at__lt=period.start).count(),
        solved=counts["solved"], solved_by_peers=counts["by_peers"], unanswered_now=every.unanswered().count(),
        first_reply=_median(_first_replies(asked)),
        solution_time=_median(asked.solved().annotate(took=_span("solved_at", "created_at"))),
        writers=_writers(viewer, period).distinct().count(), active=_active(viewer, period),
        searches=found["every"], searches_empty=found["empty"], gaps=_gaps(searches),
        cases=cases["opened"], cases_linked=cases["linked"],
        solved_views=counts["solved_views"], other_views=counts["other_views"], spaces=_spaces(asked),
        in_vain=read_in_vain(viewer, asked),
        deflection=estimate(
            solved_by_peers=counts["by_peers"], solved_views=counts["solved_views"],
            other_views=counts["other_views"], values=assumptions,
        ),
    )


def _question_counts(asked: QuerySet) -> dict[str, int]:
    solved = Q(solution__isnull=False)
    no_staff = Q(**{f"solution__author__{role}": False for role in STAFF})
    return asked.aggregate(
        asked=Count("pk"),
        solved=Count("pk", filter=solved),
        by_peers=Count("pk", filter=solved & no_staff & ~Q(solution__author=F("author"))),
        solved_views=Coalesce(Sum("view_count", filter=solved), 0),
        other_views=Coalesce(Sum("view_count", filter=Q(solution__isnull=True)), 0),
    )


def _span(later: str, earlier: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(later) - F(earlier), output_field=DurationField())


def _first_replies(asked: QuerySet) -> QuerySet:
    """How long each question waited for the first public reply of somebody else than the asker."""
    replies = Post.objects.published().said_aloud().filter(topic=OuterRef("pk"), number__gt=1)
    by_topic = replies.exclude(author=OuterRef("author")).order_by().values("topic")
    first = Subquery(by_topic.annotate(first=Min("created_at")).values("first"))
    return asked.annotate(first_reply_at=first).exclude(first_reply_at=None).annotate(
        took=_span("first_reply_at", "created_at")
    )


def _median(rows: QuerySet) -> timedelta | None:
    """The middle of `took`; of an even number the lower of the two in the middle. Two queries."""
    count = rows.count()
    if not count:
        return None
    return rows.order_by("took").values_list("took", flat=True)[(count - 1) // 2]


def _writers(viewer: Viewer, period: Period) -> QuerySet:
    posts = Post.objects.visible_to(viewer).published().order_by()
    posts = posts.filter(created_at__gte=period.start, created_at__lt=period.end).exclude(author=None)
    return posts.values_list("author_id", flat=True)


def _active(viewer: Viewer, period: Period) -> int:
    """People who wrote something or, signed in, read a topic."""
    reads = TopicRead.objects.filter(topic__in=Topic.objects.visible_to(viewer).values("pk")).order_by()
    reads = reads.filter(read_at__gte=period.start, read_at__lt=period.end)
    return _writers(viewer, period).union(reads.values_list("user_id", flat=True)).count()


def _gaps(searches: QuerySet) -> list[Gap]:
    """What was looked for most with nothing found, by how often."""
    rows = searches.filter(count=0).exclude(text="").values_list("text").annotate(n=Count("pk")).order_by("-n", "text")
    return [Gap(text, number) for text, number in rows[:MOST_GAPS]]


def _case_counts(viewer: Viewer, period: Period) -> dict[str, int]:
    cases = Case.objects.visible_to(viewer).filter(created_at__gte=period.start, created_at__lt=period.end).order_by()
    linked = cases.annotate(is_linked=Exists(CaseLink.objects.filter(case=OuterRef("pk"))))
    return linked.aggregate(opened=Count("pk"), linked=Count("pk", filter=Q(is_linked=True)))


def _spaces(asked: QuerySet) -> list[SpaceLine]:
    rows = asked.values_list("space__name", "space__slug").annotate(
        asked=Count("pk"), solved=Count("pk", filter=Q(solution__isnull=False)),
        unanswered=Count("pk", filter=Q(solution=None, reply_count=0)),
    )
    return [SpaceLine(*row) for row in rows.order_by("-asked", "space__name")]


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time in the drawing: questions asked, and how many of them are solved by now."""

    start: datetime
    asked: int
    solved: int


def bars(viewer: Viewer, period: Period) -> list[Bar]:
    """The period in twelve equal stretches; one query."""
    step = (period.end - period.start) / BARS
    edges = [period.start + step * number for number in range(BARS + 1)]
    every = Topic.objects.visible_to(viewer).published().questions().order_by()
    wanted = {}
    for number in range(BARS):
        inside = Q(created_at__gte=edges[number], created_at__lt=edges[number + 1])
        wanted[f"asked_{number}"] = Count("pk", filter=inside)
        wanted[f"solved_{number}"] = Count("pk", filter=inside & Q(solution__isnull=False))
    found = every.filter(created_at__gte=period.start).aggregate(**wanted)
    return [Bar(edges[number], found[f"asked_{number}"], found[f"solved_{number}"]) for number in range(BARS)]
