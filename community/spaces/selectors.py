"""Reading spaces for lists and menus."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.prepared import asked
from accounts.viewer import Viewer
from community.spaces.models import Space
from search.containers import Part


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
