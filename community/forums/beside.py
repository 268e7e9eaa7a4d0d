"""What stands beside a list: the tags used most, and the counts of its tabs."""

from __future__ import annotations

from django.db.models import Count, Subquery

from accounts.kept_pages import kept_while_nothing_happens
from accounts.viewer import Viewer
from community.forums.models import Tag, Topic
from community.spaces.models import Space


def beside_list(viewer: Viewer, *, space: Space | None = None, limit: int = 12) -> tuple[list[Tag], dict[str, int]]:
    """The tags most used in what this viewer may see, with `uses`, and the counts of `tab_counts`; one query for both.

    Kept until something happens, for all who may read the same spaces: only what is published is counted.
    """
    key = ("forums.beside", viewer.ids("space"), viewer.ids("review"), space.pk if space else 0, limit)
    return kept_while_nothing_happens(key, lambda: _beside_list(viewer, space, limit))


def _beside_list(viewer: Viewer, space: Space | None, limit: int) -> tuple[list[Tag], dict[str, int]]:
    """Only where no topic has a tag are the counts asked for by themselves."""
    topics = Topic.objects.visible_to(viewer).published().listed_for(viewer)
    if space is not None:
        topics = topics.within(space.pk)
    unanswered = topics.unanswered().order_by().values("status").annotate(n=Count("pk")).values("n")
    tags = Tag.objects.filter(topics__in=topics).annotate(uses=Count("topics"), unanswered=Subquery(unanswered))
    found: list = list(tags.order_by("-uses", "name")[:limit])
    return found, {"unanswered": found[0].unanswered or 0} if found else tab_counts(viewer, space=space)


def tab_counts(viewer: Viewer, *, space: Space | None = None) -> dict[str, int]:
    """What the tabs show beside their names: how many questions need an answer; one query."""
    topics = Topic.objects.visible_to(viewer).published().listed_for(viewer)
    if space is not None:
        topics = topics.within(space.pk)
    return {"unanswered": topics.unanswered().count()}
