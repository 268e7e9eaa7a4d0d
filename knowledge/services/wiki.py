"""Wiki pages: begun, edited and restored by members, each time as a numbered version."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.models import User
from accounts.text import LIMITS, all_of, clean_line, clean_source
from accounts.uploads.services import uses_set
from accounts.viewer import Viewer
from knowledge import policies
from knowledge.models import SectionPage, WikiEdit, WikiPage
from knowledge.services.pages import author_id_of, insert_live, locked_section, write_live
from knowledge.tree import WIKI

RESERVED_SLUGS = frozenset({"new"})


@transaction.atomic
def wiki_page_create(
    *,
    viewer: Viewer,
    section: SectionPage,
    title: str,
    body: str,
    slug: str = "",
    comment: str = "",
    author: User | None = None,
    at: datetime | None = None,
    imported_from: str = "",
) -> WikiPage:
    """Begin a wiki page; `body` is Markdown. Any member who may read the section may.

    Raises NotAllowed, ValidationError naming the wrong field.
    """
    if not policies.can_write_wiki(viewer, section):
        raise NotAllowed(_("Sign in to write in the wiki."))
    if section.index != WIKI:
        raise ValidationError({"section": _("This is a section of the support articles; choose one of the wiki.")})
    texts = _texts(title, body, comment)
    page = WikiPage(title=texts["title"], slug=slug, body=texts["body"], imported_from=imported_from)
    if (slug or page.title.lower()) in RESERVED_SLUGS:
        page.slug = f"{slug or page.title.lower()}-page"

    at = at or timezone.now()
    author_id = author_id_of(viewer, author)
    revision = insert_live(page, parent=locked_section(section), author_id=author_id, at=at)
    edit_add(page, revision, texts["comment"])
    uses_set(viewer=viewer, target=("wiki", page.pk), source=page.body, at=at)

    data = {"section": section.pk, "number": 1}
    events.record("wiki.published", actor=author_id, target=("wiki", page.pk), data=data, at=at)
    return page


def _texts(title: str, body: str, comment: str) -> dict[str, str]:
    return all_of({
        "title": lambda: clean_line(title), "body": lambda: clean_source(body, limit=LIMITS["article"]),
        "comment": lambda: clean_line(comment, field="comment", required=False),
    })  # fmt: skip


@transaction.atomic
def wiki_page_update(
    *,
    viewer: Viewer,
    page: WikiPage,
    title: str,
    body: str,
    comment: str = "",
    version: int | None = None,
    author: User | None = None,
    at: datetime | None = None,
) -> WikiPage:
    """Write a new version of a page; the same text again writes nothing.

    `version` is the number that the writer started from. Raises NotAllowed, ValidationError, and Conflict when the page
    has moved on since.
    """
    section = page.get_parent().specific
    page = WikiPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not policies.can_edit_wiki_page(viewer, page, section):
        raise NotAllowed(_("Only staff edit this page.") if page.locked else _("Sign in to write in the wiki."))
    newest = WikiEdit.objects.filter(page=page).aggregate(newest=Max("number"))["newest"] or 0
    if version is not None and version != newest:
        raise Conflict(_("Someone changed this page while you wrote. Your text is still here: compare and save again."))
    texts = _texts(title, body, comment)
    title, body, comment = texts["title"], texts["body"], texts["comment"]
    if (title, body) == (page.title, page.body):
        return page

    at = at or timezone.now()
    uses_set(viewer=viewer, target=("wiki", page.pk), source=body, before=page.body, at=at)
    page.title, page.body = title, body
    author_id = author_id_of(viewer, author)
    edit = edit_add(page, write_live(page, author_id=author_id, at=at), comment)

    data = {"section": section.pk, "number": edit.number}
    events.record("wiki.published", actor=author_id, target=("wiki", page.pk), data=data, at=at)
    return page


def wiki_page_restore(*, viewer: Viewer, page: WikiPage, number: int, version: int | None = None) -> WikiPage:
    """Bring the text of an earlier version back, as a new version. Raises as `wiki_page_update`."""
    edit = WikiEdit.objects.select_related("revision").filter(page=page, number=number).first()
    if edit is None:
        raise ValidationError({"number": _("There is no such version.")})
    return wiki_page_update(
        viewer=viewer, page=page, title=edit.revision.content["title"], body=edit.revision.content["body"],
        comment=_("Restored version %s") % number, version=version,
    )


def edit_add(page: WikiPage, revision: Revision, comment: str = "") -> WikiEdit:
    """Number a revision that went public; also for those published in /cms/."""
    newest = WikiEdit.objects.filter(page=page).aggregate(newest=Max("number"))["newest"] or 0
    return WikiEdit.objects.create(page=page, number=newest + 1, revision=revision, comment=comment)
