"""Reading spaces for lists and menus."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from accounts.models import User
from accounts.prepared import asked
from accounts.viewer import Viewer
from community.spaces.models import Space, SpaceInvitation, SpaceMembership, SpaceRequest
from search.containers import Part

PEOPLE_A_PAGE: Final = 40


def spaces_for_menu(viewer: Viewer) -> list[Space]:
    """The open spaces that the viewer may read, in their order, each followed by its parts; one query."""
    found: list[Space] = asked("spaces.menu", _menu_rows, viewer)
    return in_levels(found)


def _menu_rows(viewer: Viewer) -> QuerySet:
    return Space.objects.visible_to(viewer).open().select_related("parent")


def in_levels(spaces: list[Space]) -> list[Space]:
    """The same spaces, each followed by its parts. A part whose whole is not among them stands for itself."""
    here = {space.pk for space in spaces}
    parts: dict[int, list[Space]] = {}
    for space in spaces:
        if space.parent_id in here:
            parts.setdefault(space.parent_id, []).append(space)
    tops = [space for space in spaces if space.parent_id not in here]
    return [space for top in tops for space in (top, *parts.get(top.pk, ()))]


def parts_for_search(viewer: Viewer) -> list[Part]:
    """All parts that the viewer may read; one query."""
    return [Part(*row) for row in asked("spaces.levels", _level_rows, viewer)]


def _level_rows(viewer: Viewer) -> QuerySet:
    parts = Space.objects.visible_to(viewer).exclude(parent=None).order_by()
    return parts.values_list("slug", "parent__slug", "parent__name")


def members(space: Space) -> QuerySet[SpaceMembership]:
    """Who belongs by name, reviewers first; ask only for a space that the viewer reads."""
    rows = SpaceMembership.objects.filter(space=space, user__is_active=True).select_related("user")
    return rows.order_by("-role", "joined_at", "pk")


def members_page(space: Space, number: str | None) -> Page:
    return Paginator(members(space), PEOPLE_A_PAGE).get_page(number)


def open_requests(space: Space) -> QuerySet[SpaceRequest]:
    """Who waits for an answer, the first first; for those who may decide."""
    rows = SpaceRequest.objects.filter(space=space, declined_at=None, user__is_active=True)
    return rows.select_related("user").order_by("created_at", "pk")


def open_invitations(space: Space) -> QuerySet[SpaceInvitation]:
    """What was sent and can still be taken up, the newest first; for those who may invite."""
    rows = SpaceInvitation.objects.open().filter(space=space)
    return rows.select_related("user", "invited_by", "space").order_by("-pk")


def deciders(space_id: int) -> list[int]:
    """The ids of those who hear that somebody asks: the space's reviewers; where it has none, the admins."""
    reviewers = SpaceMembership.objects.filter(space=space_id, role=SpaceMembership.Role.REVIEWER, user__is_active=True)
    found = list(reviewers.values_list("user_id", flat=True))
    return found or list(User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True)[:20])
