"""What a viewer may do with sections, articles and wiki pages."""

from __future__ import annotations

from accounts.models import Audience
from accounts.viewer import Viewer
from knowledge.models import ArticlePage, SectionPage, WikiPage


def audience(thing: SectionPage | ArticlePage | WikiPage) -> frozenset[str]:
    """The tokens that open it: the section's own, and none while it is not published."""
    if not thing.live:
        return frozenset()
    section_id = thing.pk if isinstance(thing, SectionPage) else thing.get_parent().pk
    return frozenset({f"section:{section_id}"})


def can_see(viewer: Viewer, thing: SectionPage | ArticlePage | WikiPage) -> bool:
    return viewer.may_read(audience(thing))


def can_manage_sections(viewer: Viewer) -> bool:
    """Who opens sections and sets their readers."""
    return viewer.is_manager


def can_write_articles(viewer: Viewer, section: SectionPage) -> bool:
    """Staff write where they read; an admin reads everywhere."""
    return viewer.is_admin or (viewer.is_staff and section.token in viewer.tokens)


def can_edit_in_cms(viewer: Viewer, section: SectionPage) -> bool:
    """Whether the editors' rights in /cms/ reach the section (`services.editors` says why not for chosen groups)."""
    return can_write_articles(viewer, section) and (viewer.is_admin or section.audience != Audience.GROUPS)


def can_write_wiki(viewer: Viewer, section: SectionPage) -> bool:
    """Every member who may read the section."""
    return viewer.is_admin or (viewer.is_signed_in and section.token in viewer.tokens)


def can_edit_wiki_page(viewer: Viewer, page: WikiPage, section: SectionPage) -> bool:
    """As `can_write_wiki`; a locked page is for staff."""
    return can_write_wiki(viewer, section) and (viewer.is_staff or not page.locked)
