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
