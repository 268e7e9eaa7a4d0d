"""The case card in the right rail of a topic: whole for the desk, number and state for the case's customer."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.cases import policies, selectors
from community.cases.querysets import sees_desk
from community.forums.models import Topic
from community.forums.panels import Panel


def case_panel(viewer: Viewer, topic: Topic) -> Panel | None:
    """Nothing at all for everyone else: not even that there is a case."""
    if not viewer.is_signed_in:
        return None
    is_desk = sees_desk(viewer)
    if not is_desk and topic.author_id != viewer.user_id:
        return None
    cases = selectors.cases_of_topic(viewer, topic)
    if is_desk:
        return Panel("cases/_card.html", {"cases": cases, "may_link": policies.can_link(viewer, topic)})
    return Panel("cases/_card_customer.html", {"cases": cases}) if cases else None
