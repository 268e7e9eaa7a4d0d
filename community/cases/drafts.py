"""What drafts of the desk belong to: a message in a case, and a new case, from a thread or from none."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.drafts.contexts import Spot, register_context
from accounts.viewer import Viewer
from community.cases.models import Case
from community.cases.policies import can_work
from community.forums.models import Topic


def messages(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    cases = Case.objects.visible_to(viewer).filter(pk__in=list(ids))
    return {
        case.pk: Spot(_("Message in %(number)s") % {"number": case.number}, f"{case.get_absolute_url()}#write")
        for case in cases
    }


def new_cases(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    """By the thread that the case is about; 0 for none."""
    if not can_work(viewer):
        return {}
    page, wanted = reverse("cases:create"), set(ids)
    topics = Topic.objects.visible_to(viewer).filter(pk__in=wanted).only("title")
    found = {topic.pk: Spot(_("New case from “%s”") % topic.title, f"{page}?topic={topic.pk}") for topic in topics}
    return found | ({0: Spot(_("New case"), page)} if 0 in wanted else {})


def register_all() -> None:
    register_context("case", messages)
    register_context("casenew", new_cases)
