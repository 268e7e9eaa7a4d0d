"""What a viewer may see and do with cases: the predicates and tokens that twin the row filters."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.cases.models import Case, CaseMessage, CaseStatus
from community.cases.querysets import DESK, sees_desk
from community.forums import policies as forums
from community.forums.models import Topic


def audience(case: Case) -> frozenset[str]:
    """The tokens that open a case: the desk's roles and its customer."""
    return DESK | {f"user:{case.customer_id}"} if case.customer_id else DESK


def message_audience(message: CaseMessage) -> frozenset[str]:
    """The tokens that open a message: an internal note is for the desk alone."""
    return DESK if message.is_internal else audience(message.case)


def can_see(viewer: Viewer, case: Case) -> bool:
    return viewer.may_read(audience(case))


def can_see_message(viewer: Viewer, message: CaseMessage) -> bool:
    return viewer.may_read(message_audience(message))


def can_work(viewer: Viewer) -> bool:
    """Open, assign, link and answer cases: agents and admins. Managers read."""
    return viewer.is_agent and sees_desk(viewer)


def can_answer(viewer: Viewer, case: Case) -> bool:
    """Write a message that the customer reads: agents, and the customer until the case is closed."""
    if can_work(viewer):
        return True
    is_customer = viewer.user_id is not None and case.customer_id == viewer.user_id
    return is_customer and can_see(viewer, case) and case.status != CaseStatus.CLOSED


def can_note(viewer: Viewer, case: Case) -> bool:
    """Write an internal note: everyone at the desk."""
    return viewer.is_signed_in and sees_desk(viewer)


def can_link(viewer: Viewer, topic: Topic) -> bool:
    """Connect cases with this thread: agents who can read it."""
    return can_work(viewer) and forums.can_see_topic(viewer, topic)


def knows_case_of(viewer: Viewer, case: Case, topic: Topic) -> bool:
    """Whether the thread's page tells this viewer of the case: the desk, and its customer on a thread of their own."""
    if sees_desk(viewer):
        return True
    return can_see(viewer, case) and viewer.user_id is not None and topic.author_id == viewer.user_id
