"""What a person's profile shows of their writing, as far as the reader may see it."""

from __future__ import annotations

from django.db.models import Count

from accounts.models import User
from accounts.panels import ProfilePanel, register_profile_panel
from accounts.viewer import Viewer
from community.forums import mutes, selectors
from community.forums.models import Tag, Topic, TopicFollow

MOST_TAGS = 6


def recent_posts(viewer: Viewer, person: User) -> ProfilePanel | None:
    """The latest posts, or nothing for somebody who has not written where this viewer reads."""
    posts = selectors.recent_of_author(viewer, person)
    return ProfilePanel("forums/_profile.html", {"posts": posts}) if posts else None


def knows_about(viewer: Viewer, person: User) -> ProfilePanel | None:
    """The tags under which the person's answers were accepted, most often first, counted in what this viewer reads."""
    solved = Topic.objects.visible_to(viewer).published().listed_for(viewer)
    solved = solved.filter(solution__author=person, solution__status="published", solution__is_whisper=False)
    tags = Tag.objects.filter(topics__in=solved).annotate(answers=Count("topics")).order_by("-answers", "name")
    found = list(tags[:MOST_TAGS])
    return ProfilePanel("forums/_knows_about.html", {"tags": found}) if found else None


def quiet_topics(viewer: Viewer, person: User) -> ProfilePanel:
    """The topics of which a person said that they do not want to hear, on the page of such things."""
    return ProfilePanel("forums/_quiet_topics.html", {"topics": muted_topics(viewer)})


def muted_topics(viewer: Viewer, *, limit: int = 100) -> list[Topic]:
    """The topics that the viewer stopped following and may still read, the last active first; one statement."""
    muted = TopicFollow.objects.filter(user_id=viewer.user_id or 0, is_muted=True).values("topic")
    topics = Topic.objects.visible_to(viewer).filter(pk__in=muted if viewer.reads_own else ())
    return list(topics.select_related("space").latest_first()[:limit])


def register_all() -> None:
    """Called once, by the room's AppConfig."""
    register_profile_panel("main", recent_posts)
    register_profile_panel("aside", knows_about)
    register_profile_panel("quiet", mutes.quiet_places)
    register_profile_panel("quiet", quiet_topics)
