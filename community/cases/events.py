"""What cases do when something happens: a solved thread shows in its cases, and people hear of answers."""

from __future__ import annotations

import re

from accounts.events.models import Event
from accounts.events.registry import subscribe
from community.cases.models import Case
from community.cases.services import links_merge, links_unmerge, system_line_add
from community.forums.models import Topic
from community.notifications.services import notify

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~@])")


def tell_cases_of_solution(event: Event) -> None:
    """Every active case linked to a solved thread gets one line about it, for the desk to act on."""
    topic = Topic.objects.filter(pk=event.target_id).first()
    if topic is None:
        return
    title = _MARKUP.sub(r"\\\1", topic.title)
    for case in Case.objects.active().filter(topics=topic).order_by("pk"):
        system_line_add(
            case=case, text=f"The thread [{title}]({topic.get_absolute_url()}) was solved.",
            key=f"topic.solved:{event.pk}", actor_id=event.actor_id, at=event.created_at,
        )


def tell_customer_of_case(event: Event) -> None:
    """The customer hears that a case was opened for them."""
    _tell(event, "case.opened", {event.data.get("customer")})


def tell_of_message(event: Event) -> None:
    """An answer goes to the customer, the customer's message to the owner; internal notes to nobody."""
    if event.data.get("internal"):
        return
    case = Case.objects.filter(pk=event.target_id).first()
    if case is None:
        return
    if event.data.get("by_customer"):
        _tell(event, "case.customer_wrote", {case.owner_id})
    else:
        _tell(event, "case.answered", {case.customer_id})


def tell_of_change(event: Event) -> None:
    """Whoever is given a case hears of it; the customer hears that it is solved."""
    match event.data.get("field"), event.data.get("after"):
        case ("owner", int(owner)):
            _tell(event, "case.assigned", {owner})
        case ("status", "solved"):
            customer = Case.objects.filter(pk=event.target_id).values_list("customer_id", flat=True)
            _tell(event, "case.solved", set(customer))


def follow_merge(event: Event) -> None:
    """A topic went into another one: its cases go along. Asked anew, because it may have come back meanwhile."""
    merged = Topic.objects.filter(pk=event.target_id).exclude(merged_into=None).first()
    if merged is not None and merged.merged_into_id == event.data.get("to"):
        links_merge(
            topic_id=merged.pk, into_id=event.data["to"], actor_id=event.actor_id, at=event.created_at
        )


def follow_undo(event: Event) -> None:
    """A topic came back out of another one: the cases that came with it leave that one again."""
    if not event.data.get("undone") or not Topic.objects.filter(pk=event.target_id, merged_into=None).exists():
        return
    merges = Event.objects.filter(name="topic.merged", target_type="topic", target_id=event.target_id)
    for merge in merges.filter(pk__lt=event.pk):
        links_unmerge(into_id=merge.data.get("to") or 0, actor_id=event.actor_id, at=merge.created_at)


def _tell(event: Event, kind: str, people: set) -> None:
    notify(
        kind=kind, user_ids=people - {None}, actor_id=event.actor_id, target=("case", event.target_id or 0),
        data={"message": event.data.get("message")}, key=f"{kind}:{event.pk}", at=event.created_at,
    )


def subscribe_all() -> None:
    subscribe("topic.merged", follow_merge, name="cases.follow_merge")
    subscribe("topic.posts_moved", follow_undo, name="cases.follow_undo")
    subscribe("topic.solved", tell_cases_of_solution, name="cases.topic_solved")
    subscribe("case.created", tell_customer_of_case, name="cases.tell_opened")
    subscribe("case.message_added", tell_of_message, name="cases.tell_message")
    subscribe("case.changed", tell_of_change, name="cases.tell_change")
