"""What drafts of the wiki belong to: a new page in a section, and the edit of a page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.drafts.contexts import Spot, register_context
from accounts.viewer import Viewer
from knowledge.models import SectionPage, WikiPage


def new_pages(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    sections = SectionPage.objects.visible_to(viewer).filter(pk__in=list(ids))
    return {
        section.pk: Spot(_("New page in “%s”") % section.title, f"{section.get_absolute_url()}new/")
        for section in sections
    }


def edits(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    pages = WikiPage.objects.visible_to(viewer).filter(pk__in=list(ids)).for_list()
    return {page.pk: Spot(_("Edit of “%s”") % page.title, f"{page.get_absolute_url()}edit/") for page in pages}


def register_all() -> None:
    register_context("wikinew", new_pages)
    register_context("wiki", edits)
