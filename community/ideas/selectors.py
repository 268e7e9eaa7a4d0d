"""Reading ideas for pages: the board, the roadmap, one idea's panel. Each is a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BooleanField, Count, Exists, OuterRef, Q, Value
from django.utils import timezone

from accounts.viewer import Viewer
from community.ideas.models import ROADMAP, Idea, IdeaStatus, IdeaStatusChange, IdeaVote
from community.ideas.querysets import IdeaQuerySet

TRENDING = timedelta(days=14)
SORTS = ("trending", "top", "new")
ROADMAP_DEPTH = 30
MOST_CHANGES = 20


def with_my_vote(ideas: IdeaQuerySet, viewer: Viewer) -> IdeaQuerySet:
    """Each idea knows whether this viewer voted for it, as `is_voted`."""
    if not viewer.is_signed_in:
        return ideas.annotate(is_voted=Value(False, output_field=BooleanField()))
    return ideas.annotate(is_voted=Exists(IdeaVote.objects.filter(idea=OuterRef("pk"), user_id=viewer.user_id)))


def board(viewer: Viewer, *, status: str = "", sort: str = "trending", text: str = "", space: str = "") -> IdeaQuerySet:
    """The ideas of the board; without a status, all that are not decided yet."""
    ideas = narrowed(viewer, text=text, space=space)
    ideas = ideas.filter(status=status) if status else ideas.undecided()
    match sort:
        case "new":
            ideas = ideas.newest_first()
        case "top":
            ideas = ideas.top_first()
        case _:
            ideas = ideas.trending_first(since=timezone.now() - TRENDING)
    return with_my_vote(ideas.for_list(), viewer)


def narrowed(viewer: Viewer, *, text: str = "", space: str = "") -> IdeaQuerySet:
    """What the viewer sees of the board under a search text and a space."""
    ideas = Idea.objects.visible_to(viewer).listed_for(viewer).unmerged()
    if text:
        ideas = ideas.matching(text)
    of_space = Q(topic__space__slug=space) | Q(topic__space__parent__slug=space)  # and of its parts
    return ideas.filter(of_space) if space else ideas


def status_counts(ideas: IdeaQuerySet) -> dict[str, int]:
    """How many of these ideas stand at each status; the empty key counts the undecided ones. One query."""
    found = dict(ideas.order_by().values_list("status").annotate(n=Count("pk")))
    undecided = sum(n for status, n in found.items() if status not in {IdeaStatus.SHIPPED, IdeaStatus.DECLINED})
    return {"": undecided, **{status: found.get(status, 0) for status in IdeaStatus.values}}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the roadmap, whose first thirty ideas are shown."""

    status: IdeaStatus
    ideas: list[Idea]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.ideas)


def roadmap(viewer: Viewer) -> list[Column]:
    """Planned, in progress and shipped, at most thirty each; shipped ones latest first."""
    visible = Idea.objects.visible_to(viewer).listed_for(viewer).unmerged().published()
    counts = status_counts(visible)
    columns = []
    for status in ROADMAP:
        rows = with_my_vote(visible.filter(status=status).for_list(), viewer)
        rows = rows.order_by("-status_changed_at", "-pk") if status == IdeaStatus.SHIPPED else rows.top_first()
        columns.append(Column(status, list(rows[:ROADMAP_DEPTH]), counts[status]))
    return columns


def idea_for_panel(viewer: Viewer, topic_id: int) -> Idea | None:
    """The idea of a topic with the viewer's vote; None when the viewer does not see it."""
    ideas = Idea.objects.visible_to(viewer).select_related("topic__space")
    return with_my_vote(ideas, viewer).filter(pk=topic_id).first()


def goes_on_in(viewer: Viewer, idea: Idea) -> Idea | None:
    """The idea that this one was merged into, where the viewer sees that one; a query only for merged ideas."""
    if idea.merged_into_id is None:
        return None
    return Idea.objects.visible_to(viewer).select_related("topic__space").filter(pk=idea.merged_into_id).first()


def status_changes(idea: Idea) -> list[IdeaStatusChange]:
    """What staff decided, latest first."""
    return list(idea.status_changes.select_related("changed_by")[:MOST_CHANGES])


def organisations_behind(idea: Idea) -> int:
    """How many customer companies the voters come from."""
    people = idea.votes.filter(~Q(user__organisation=None))
    return people.values("user__organisation").distinct().count()


def moving(viewer: Viewer, limit: int = 3) -> list[Idea]:
    """The ideas whose status changed last, for the home page; one query."""
    visible = Idea.objects.visible_to(viewer).listed_for(viewer).published().unmerged()
    visible = visible.exclude(status=IdeaStatus.DECLINED)
    moved = visible.exclude(status_changed_at=None).select_related("topic__space")
    return list(moved.order_by("-status_changed_at", "-pk")[:limit])
