"""Reading the wiki and its history."""

from __future__ import annotations

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Max

from accounts.models import User
from accounts.viewer import Viewer
from knowledge.models import WikiEdit, WikiPage
from knowledge.selectors.articles import PER_PAGE, Shelf, shelves
from knowledge.tree import WIKI

PER_SHELF = 12


def wiki_shelves(viewer: Viewer) -> list[Shelf]:
    return shelves(viewer, WIKI, WikiPage.objects.all(), most=PER_SHELF)


def recently_changed(viewer: Viewer, *, most: int = 8) -> list[WikiPage]:
    return list(WikiPage.objects.visible_to(viewer).for_list().with_section_language().recently_changed()[:most])


def wiki_page_at(viewer: Viewer, section: str, slug: str) -> WikiPage | None:
    """The page at an address with its `version`, when the viewer may read it."""
    return WikiPage.objects.visible_to(viewer).at_address(section, slug).for_page().first()


def writers_of(page: WikiPage, *, most: int = 8) -> list[User]:
    """Who wrote on the page, the latest first."""
    edits = WikiEdit.objects.filter(page=page, revision__user__isnull=False)
    latest = edits.values("revision__user").annotate(newest=Max("number")).order_by("-newest")[:most]
    ids = [row["revision__user"] for row in latest]
    people = User.objects.in_bulk(ids)
    return [people[pk] for pk in ids if pk in people]


def history_page(page: WikiPage, number: str | None) -> ListPage:
    """The edits, the newest first, without their texts."""
    return Paginator(_edits(page).defer("revision__content"), PER_PAGE).get_page(number)


def edit_pair(page: WikiPage, number: int) -> tuple[WikiEdit, WikiEdit | None] | None:
    """An edit and the one before it, with their texts; None when there is no such edit."""
    pair = {edit.number: edit for edit in _edits(page).filter(number__in=[number, number - 1])}
    return (pair[number], pair.get(number - 1)) if number in pair else None


def _edits(page: WikiPage):  # type: ignore[no-untyped-def]
    return WikiEdit.objects.filter(page=page).select_related("revision__user").order_by("-number")
