"""Reading who does not hear of whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, QuerySet

from accounts.ignoring.models import Ignore
from accounts.models import User
from accounts.viewer import Viewer


def ignored_by(viewer: Viewer) -> list[Ignore]:
    """Whom the viewer mutes or ignores at present, the last chosen first; one statement."""
    rows = Ignore.objects.visible_to(viewer).in_force().filter(person__is_active=True)
    return list(rows.select_related("person").order_by("-created_at", "-pk"))


def choice_of(viewer: Viewer, person: User) -> Ignore | None:
    """What holds between the viewer and one person; one statement."""
    return Ignore.objects.visible_to(viewer).in_force().filter(person=person).first()


def deaf(owners: Iterable[int], people: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs of those who do not want to hear and of whom they do not, among some of each; one statement."""
    rows = Ignore.objects.in_force().filter(owner__in=list(owners), person__in=list(people))
    return set(rows.values_list("owner", "person"))


def ignoring(person_id: int | None, others: Iterable[int]) -> set[int]:
    """Those of the others who ignore this person; one statement."""
    rows = Ignore.objects.in_force().ignored().filter(person=person_id, owner__in=list(others))
    return set(rows.values_list("owner", flat=True))


def token_rows(viewer: Viewer) -> QuerySet:
    """The ids of the people that a viewer ignores, for the statement that makes the viewer."""
    rows = Ignore.objects.in_force().ignored().filter(owner=viewer.user_id)
    return rows.order_by().annotate(word=F("level")).values_list("person_id", "word")
