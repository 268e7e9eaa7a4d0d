"""Reading cases for the desk, for their customers and for a thread's page. Each is a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.events.models import Event
from accounts.models import Organisation, User
from accounts.prepared import counted
from accounts.viewer import Viewer
from community.cases import policies
from community.cases.models import OURS, Case, CaseLink, CaseMessage, CaseStatus
from community.cases.querysets import CaseQuerySet
from community.forums.models import Topic

DESK_TABS = ("mine", "unassigned", "us", "customer", "active", "done", "all")
MOST_MESSAGES = 500
MOST_EVENTS = 200
MOST_LISTED = 10


def desk(viewer: Viewer, *, tab: str, text: str = "", organisation: str = "") -> CaseQuerySet:
    """The rows of one tab of the desk."""
    return _of_tab(viewer, narrowed(viewer, text=text, organisation=organisation), tab).for_list().urgent_first()


def narrowed(viewer: Viewer, *, text: str = "", organisation: str = "") -> CaseQuerySet:
    """What the viewer sees of the desk under a search text and an organisation's slug."""
    cases = Case.objects.visible_to(viewer)
    if text:
        cases = cases.matching(text)
    return cases.filter(organisation__slug=organisation) if organisation else cases


def _of_tab(viewer: Viewer, cases: CaseQuerySet, tab: str) -> CaseQuerySet:
    match tab:
        case "mine":
            return cases.owned_by(viewer.user_id)
        case "unassigned":
            return cases.unassigned()
        case "us":
            return cases.waiting_on_us()
        case "customer":
            return cases.filter(status=CaseStatus.WAITING)
        case "active":
            return cases.active()
        case "done":
            return cases.filter(status__in=[CaseStatus.SOLVED, CaseStatus.CLOSED])
    return cases


def desk_counts(viewer: Viewer, cases: CaseQuerySet) -> dict[str, int]:
    """How many cases each tab holds; one query."""
    active = Q(status__in=["new", "open", "waiting"])
    return cases.order_by().aggregate(
        mine=Count("pk", filter=active & Q(owner=viewer.user_id)),
        unassigned=Count("pk", filter=active & Q(owner=None)),
        us=Count("pk", filter=Q(status__in=OURS)),
        customer=Count("pk", filter=Q(status=CaseStatus.WAITING)),
        active=Count("pk", filter=active),
        done=Count("pk", filter=Q(status__in=[CaseStatus.SOLVED, CaseStatus.CLOSED])),
        all=Count("pk"),
    )


def open_count(viewer: Viewer) -> int:
    """The number beside “Support desk” in the menu: cases that wait on us, or the customer's own open ones."""
    if not viewer.is_signed_in:
        return 0
    return counted("cases.open", _open, viewer)


def _open(viewer: Viewer) -> CaseQuerySet:
    cases = Case.objects.visible_to(viewer)
    return cases.waiting_on_us() if policies.sees_desk(viewer) else cases.active()


def organisations_with_cases() -> list[Organisation]:
    """For the desk's filter."""
    return list(Organisation.objects.filter(pk__in=Case.objects.exclude(organisation=None).values("organisation")))


def agents() -> list[User]:
    """Who can own a case, by name."""
    people = User.objects.filter(Q(is_agent=True) | Q(is_superuser=True), is_active=True)
    return list(people.order_by("display_name"))


def cases_of_topic(viewer: Viewer, topic: Topic) -> list[Case]:
    """The cases of a thread that its page may tell this viewer of, active ones first."""
    cases = Case.objects.visible_to(viewer).filter(links__topic=topic).for_list().latest_first()[:MOST_LISTED]
    found = [case for case in cases if policies.knows_case_of(viewer, case, topic)]
    return sorted(found, key=lambda case: not case.is_active)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a case's history: what happened, told in words."""

    text: str
    by: User | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that a case's page shows; each list holds only what this viewer may see."""

    case: Case
    messages: list[CaseMessage]
    topics: list[Topic]
    history: list[Line] = field(default_factory=list)
    other_cases: list[Case] = field(default_factory=list)
    other_topics: list[Topic] = field(default_factory=list)


def case_page(viewer: Viewer, case: Case) -> CasePage:
    """A case with its conversation and threads; for the desk also its history and what else the customer has."""
    messages = CaseMessage.objects.visible_to(viewer).filter(case=case).select_related("author")
    latest = list(messages.order_by("-created_at", "-pk")[:MOST_MESSAGES])[::-1]
    topics = list(Topic.objects.visible_to(viewer).filter(case_links__case=case).select_related("space").latest_first())
    if not policies.sees_desk(viewer):
        own = [topic for topic in topics if policies.knows_case_of(viewer, case, topic)]
        return CasePage(case, latest, own)
    linked = {topic.pk for topic in topics}
    return CasePage(
        case, latest, topics, _history(case), _other_cases(viewer, case),
        [topic for topic in _topics_of_customer(viewer, case) if topic.pk not in linked][:5],
    )


def _other_cases(viewer: Viewer, case: Case) -> list[Case]:
    if case.customer_id is None:
        return []
    others = Case.objects.visible_to(viewer).filter(customer=case.customer_id).exclude(pk=case.pk)
    return list(others.latest_first()[:5])


def _topics_of_customer(viewer: Viewer, case: Case) -> list[Topic]:
    if case.customer_id is None:
        return []
    talks = Topic.objects.visible_to(viewer).filter(author=case.customer_id).select_related("space").talks()
    return list(talks.latest_first()[:MOST_LISTED])


def _history(case: Case) -> list[Line]:
    """The case's events in words, latest first; messages are told by themselves."""
    events = list(
        Event.objects.filter(target_type="case", target_id=case.pk)
        .exclude(name="case.message_added").order_by("-created_at", "-pk")[:MOST_EVENTS]
    )
    people_ids = {event.actor_id for event in events} | {
        event.data.get(key) for event in events if event.data.get("field") == "owner" for key in ("before", "after")
    }
    people = User.objects.in_bulk(people_ids - {None})
    lines = []
    for event in events:
        text = _told(event, people)
        if text:
            lines.append(Line(text, people.get(event.actor_id), event.created_at))
    return lines


def _told(event: Event, people: dict[int, User]) -> str:
    data: dict[str, Any] = event.data
    match event.name, data.get("field"):
        case "case.created", _none:
            return str(_("opened the case"))
        case "case.linked", _none:
            return str(_("linked a thread")) if data.get("on") else str(_("unlinked a thread"))
        case "case.changed", "status":
            labels = dict(CaseStatus.choices)
            return str(_("set the status to “%(status)s”")) % {"status": labels.get(data["after"], data["after"])}
        case "case.changed", "priority":
            return str(_("set the priority to %(priority)s")) % {"priority": data["after"]}
        case "case.changed", "owner":
            owner = people.get(data["after"]) if data["after"] else None
            return str(_("gave the case to %(name)s")) % {"name": owner} if owner else str(_("took the owner off"))
    return ""


def due_soon(viewer: Viewer) -> int:
    """How many cases are overdue now."""
    return Case.objects.visible_to(viewer).overdue(timezone.now()).count()


def cases_to_link(viewer: Viewer, topic: Topic, text: str) -> list[Case]:
    """Cases that a thread could be linked to: by number or subject, else the author's own and the latest."""
    cases = Case.objects.visible_to(viewer).exclude(pk__in=CaseLink.objects.filter(topic=topic).values("case"))
    if text:
        return list(cases.matching(text).for_list().latest_first()[:MOST_LISTED])
    theirs = cases.active().filter(customer=topic.author_id) if topic.author_id else cases.none()
    return list(theirs.for_list().latest_first()[:MOST_LISTED]) or list(cases.active().for_list().latest_first()[:5])
