"""Connecting a case with the threads it is about."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer
from community.cases import policies
from community.cases.models import Case, CaseLink
from community.forums.models import Topic

MOST_LINKS = 50


@transaction.atomic
def case_link(*, viewer: Viewer, case: Case, topic: Topic, at: datetime | None = None) -> CaseLink:
    """Say that a thread and a case are about the same thing; twice is once.

    Raises NotAllowed unless an agent who sees the thread, ValidationError({"topic": …}) at fifty threads.
    """
    if not policies.can_link(viewer, topic):
        raise NotAllowed(_("Only support agents link cases."))
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.links.count() >= MOST_LINKS:
        raise ValidationError({"topic": _("Fifty threads are the most for one case. Unlink one first.")})

    return link_write(viewer=viewer, case=locked, topic=topic, at=at or timezone.now())


def link_write(*, viewer: Viewer, case: Case, topic: Topic, at: datetime) -> CaseLink:
    """The row and its event; part of a service, never one by itself."""
    values = {"linked_by_id": viewer.user_id, "linked_at": at}
    link, is_new = CaseLink.objects.get_or_create(case=case, topic=topic, defaults=values)
    if is_new:
        events.record("case.linked", actor=viewer, target=case, data={"topic": topic.pk, "on": True}, at=at)
    return link


@transaction.atomic
def case_unlink(*, viewer: Viewer, case: Case, topic: Topic) -> None:
    """Take the connection back; both stay as they are. Raises NotAllowed unless an agent who sees the thread."""
    if not policies.can_link(viewer, topic):
        raise NotAllowed(_("Only support agents link cases."))

    deleted, _rows = CaseLink.objects.filter(case=case, topic=topic).delete()

    if deleted:
        events.record("case.linked", actor=viewer, target=case, data={"topic": topic.pk, "on": False})


@transaction.atomic
def links_merge(*, topic_id: int, into_id: int, actor_id: int | None, at: datetime) -> int:
    """Cases of a topic that was merged are about the other one from now on, too; returns how many. Twice is once.

    The old rows stay and `at`, the time of the merge, tells the new ones apart: undoing finds both.
    """
    linked = CaseLink.objects.filter(topic=into_id).values("case")
    cases = Case.objects.filter(links__topic=topic_id).exclude(pk__in=linked).order_by("pk")
    for case in cases:
        link = CaseLink(case=case, topic_id=into_id, linked_by_id=actor_id, linked_at=at)
        CaseLink.objects.bulk_create([link], ignore_conflicts=True)
        events.record("case.linked", actor=actor_id, target=case, data={"topic": into_id, "on": True}, at=at)
    return len(cases)


@transaction.atomic
def links_unmerge(*, into_id: int, actor_id: int | None, at: datetime) -> int:
    """Take back what a merge at this time linked; returns how many. What somebody linked by hand stays."""
    links = list(CaseLink.objects.filter(topic=into_id, linked_at=at).select_related("case"))
    for link in links:
        events.record("case.linked", actor=actor_id, target=link.case, data={"topic": into_id, "on": False})
    CaseLink.objects.filter(pk__in=[link.pk for link in links]).delete()
    return len(links)
