"""The idea's part of a topic's page: vote box, status, what staff said; for staff the form to decide."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.forums.models import Kind, Topic
from community.forums.panels import Panel
from community.ideas import policies, selectors
from community.ideas.forms import MergeForm, StatusForm


def idea_panel(viewer: Viewer, topic: Topic) -> Panel | None:
    """For topics of kind idea, under the title."""
    if topic.kind != Kind.IDEA:
        return None
    idea = selectors.idea_for_panel(viewer, topic.pk)
    if idea is None:
        return None
    context = {"idea": idea, "may_vote": policies.can_vote(viewer, idea), "changes": selectors.status_changes(idea)}
    context["goes_on_in"] = selectors.goes_on_in(viewer, idea)
    if policies.can_set_status(viewer, idea):
        context |= {
            "status_form": StatusForm(initial={"status": idea.status}, prefix="idea"),
            "merge_form": MergeForm(prefix="merge"),
            "organisations": selectors.organisations_behind(idea),
        }
    return Panel("ideas/_panel.html", context)
