"""Writing pages straight to the live tree with the dates and people of our choice; Wagtail's actions only know “now”.

A page written here looks to Wagtail as if it had been edited and published in one go: one revision, which is live.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.text import slugify
from wagtail.models import Page, Revision

from accounts.models import User
from accounts.viewer import Viewer


def locked_section(section: Page) -> Page:
    """The section's row as it is now, locked: two pages made at once must not take the same place in the tree."""
    return Page.objects.select_for_update().get(pk=section.pk)


def insert_live(page: Page, *, parent: Page, author_id: int | None, at: datetime) -> Revision:
    """Add a new published page under a locked parent. Raises ValidationError from the page's own `clean`."""
    if not slugify(page.slug or page.title, allow_unicode=True):
        page.slug = f"{page._meta.model_name}-{parent.numchild + 1}"
    page.live = True
    page.owner_id = author_id
    page.first_published_at = page.last_published_at = at
    parent.add_child(instance=page)
    return _attach_revision(page, author_id=author_id, at=at)


def write_live(page: Page, *, author_id: int | None, at: datetime) -> Revision:
    """Save a changed page and make it live. Raises ValidationError from the page's own `clean`."""
    page.live = True
    page.expired = False
    page.draft_title = page.title
    page.first_published_at = page.first_published_at or at
    page.last_published_at = at
    page.save()
    return _attach_revision(page, author_id=author_id, at=at)


def _attach_revision(page: Page, *, author_id: int | None, at: datetime) -> Revision:
    page.has_unpublished_changes = False
    page.latest_revision_created_at = at
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        user_id=author_id,
        created_at=at,
        content=page.serializable_data(),
        object_str=str(page),
    )
    page.latest_revision = page.live_revision = revision
    Page.objects.filter(pk=page.pk).update(
        latest_revision=revision, live_revision=revision, latest_revision_created_at=at, has_unpublished_changes=False
    )
    return revision


def author_id_of(viewer: Viewer, author: User | None) -> int | None:
    """Who is named as the writer: the one whom an import names, else the viewer."""
    return author.pk if author else viewer.user_id


def user_of(viewer: Viewer) -> User | None:
    """The viewer's row, for Wagtail's log; the product itself has none."""
    return User.objects.filter(pk=viewer.user_id).first()
