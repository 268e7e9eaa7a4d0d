"""The event's part of a topic's page: when, where, who comes, and the link to join when its time has come."""

from __future__ import annotations

from django.utils import timezone

from accounts.viewer import Viewer
from community.calendar import jsonld, policies, selectors
from community.calendar.models import Answer
from community.forums.models import Kind, Topic
from community.forums.panels import Panel


def event_panel(viewer: Viewer, topic: Topic) -> Panel | None:
    """For topics of kind event, under the title; two statements there, none elsewhere."""
    event = selectors.event_for(viewer, topic.pk) if topic.kind == Kind.EVENT else None
    if event is None:
        return None
    return Panel("calendar/_panel.html", {
        "event": event, "going": selectors.going_to(event) if event.going_count else [],
        "answers": [
            {"value": value, "label": label, "is_mine": event.answer == value} for value, label in Answer.choices
        ],
        "may_answer": policies.can_answer(viewer, event, timezone.now()),
        "may_change": policies.can_change(viewer, event),
        "structured": {} if viewer.is_signed_in else jsonld.data_of(event),
    })  # fmt: skip
