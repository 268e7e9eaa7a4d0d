"""What the front page is put together from, and the operator's accent colour."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from community.forums import selectors as forums
from community.forums.beside import tab_counts
from community.forums.models import Topic, TopicFollow
from community.forums.selectors import TopicPage

LISTS = ("latest", "unanswered", "solved", "top")
FOR_YOU = "for-you"


def chosen(viewer: Viewer, tab: str, cursor: str = "") -> tuple[str, TopicPage]:
    """The list that a request means, and its topics. Who has nothing of their own yet reads the latest at first."""
    if tab in LISTS:
        return tab, topics(viewer, tab, cursor)
    if viewer.is_signed_in:
        page = topics(viewer, FOR_YOU, cursor)
        if page.topics or cursor or tab == FOR_YOU:
            return FOR_YOU, page
    return "latest", topics(viewer, "latest", cursor)


def topics(viewer: Viewer, tab: str, cursor: str = "") -> TopicPage:
    """One of the front page's lists; ideas stand among the topics except where the list is of questions."""
    rows = Topic.objects.select_related("idea")
    if tab == FOR_YOU and viewer.is_signed_in:
        follows = TopicFollow.objects.filter(topic=OuterRef("pk"), user_id=viewer.user_id, is_muted=False)
        rows = rows.filter(Q(author_id=viewer.user_id) | Exists(follows))
    return forums.topic_page(viewer, tab=tab if tab in LISTS else "latest", cursor=cursor, rows=rows)


def tabs(viewer: Viewer, current: str) -> list[dict]:
    """The front page's lists as {key, label, url, is_current, count}."""
    labels = {"latest": _("Latest"), "unanswered": _("Unanswered"), "solved": _("Solved"), "top": _("Top this year")}
    if viewer.is_signed_in:
        labels = {FOR_YOU: _("For you")} | labels
    counts = tab_counts(viewer)
    return [
        {
            "key": key,
            "label": label,
            "url": "/" if key == "latest" and not viewer.is_signed_in else f"/?tab={key}",
            "is_current": key == current,
            "count": counts.get(key),
        }
        for key, label in labels.items()
    ]


def accent_css(colour: str) -> str:
    """The tokens of an operator's accent; dark enough by day and light enough by night to be read as text."""
    if not colour:
        return ""
    return (
        ":root {\n"
        f"  --accent: light-dark(oklch(from {colour} min(l, .48) c h), oklch(from {colour} max(l, .78) c h));\n"
        "  --accent-ink: light-dark(#fff, #10100f);\n"
        f"  --accent-soft: light-dark(color-mix(in oklab, {colour} 12%, #fff),"
        f" color-mix(in oklab, {colour} 28%, #131211));\n"
        "}\n"
    )
