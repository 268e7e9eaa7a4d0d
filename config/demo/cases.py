"""Loads the cases of the support desk in the order of their opening, so that their numbers are."""

from __future__ import annotations

from datetime import datetime

from community.cases.models import Case
from community.cases.services import case_assign, case_create, case_link, case_set_status, message_add
from config.demo.files import Document, documents
from config.demo.links import written
from config.demo.world import World


def load_cases(world: World) -> int:
    """Every case of `content/cases` with its messages, notes, threads and state."""
    cases = sorted(documents("cases"), key=lambda document: document.times(world.now)[0])
    for document in cases:
        _open(world, document)
    return len(cases)


def _open(world: World, document: Document) -> None:
    head, times = document.head, document.times(world.now)
    agent = world.viewer(head["opened_by"])
    with world.hush(times[0]):
        case = case_create(
            viewer=agent, subject=head["subject"], customer=world.people[head["customer"]],
            priority=head.get("priority", "normal"), at=times[0],
        )
        for key in document.names("topics"):
            case_link(viewer=agent, case=case, topic=world.topics[key], at=times[0])
        if "owner" in head:
            case_assign(viewer=agent, case=case, owner=world.people[head["owner"]], at=times[0])
    for entry, at in zip(document.entries, times, strict=True):
        with world.hush(at):
            message_add(
                viewer=world.viewer(entry.username), case=case, body=written(entry.body, world),
                is_internal="internal" in entry.marks, at=at,
            )
    _settle(world, case, head, times[-1])


def _settle(world: World, case: Case, head: dict[str, str], at: datetime) -> None:
    case = Case.objects.get(pk=case.pk)
    if case.status != head["status"]:
        agent = world.viewer(head.get("owner", head["opened_by"]))
        with world.hush(at):
            case_set_status(viewer=agent, case=case, status=head["status"], at=at)
