"""Opening sections and saying who reads them."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import Audience
from accounts.viewer import Viewer
from knowledge import policies
from knowledge.models import SectionPage
from knowledge.services.editors import rights_set
from knowledge.services.pages import insert_live, locked_section
from knowledge.tree import KB, WIKI, url_path_of


@transaction.atomic
def section_create(
    *,
    viewer: Viewer,
    index: str,
    title: str,
    slug: str = "",
    intro: str = "",
    language: str = "",
    audience: str = Audience.PUBLIC,
    groups: Iterable[int] = (),
    organisations: Iterable[int] = (),
) -> SectionPage:
    """Open a section of the articles (`index="kb"`) or of the wiki (`"wiki"`). `groups` and `organisations` are ids,
    `language` is the code of what its wiki pages are written in; empty: the site's.

    Raises NotAllowed unless the viewer is a manager or admin, ValidationError naming what is wrong.
    """
    if not policies.can_manage_sections(viewer):
        raise NotAllowed(_("Only managers and admins open sections."))
    if index not in {KB, WIKI}:
        raise ValidationError({"index": _("Choose kb or wiki.")})
    _check_audience(audience)

    section = SectionPage(title=title, slug=slug, intro=intro, language=language, audience=audience)
    parent = locked_section(Page.objects.get(url_path=url_path_of(index)))
    insert_live(section, parent=parent, author_id=viewer.user_id, at=timezone.now())
    section.audience_groups.set(groups)
    section.audience_organisations.set(organisations)
    rights_set(section)

    events.record("section.created", actor=viewer, target=("section", section.pk), data={"audience": audience})
    return section


@transaction.atomic
def section_set_audience(
    *,
    viewer: Viewer,
    section: SectionPage,
    audience: str,
    groups: Iterable[int] = (),
    organisations: Iterable[int] = (),
) -> SectionPage:
    """Change who may read a section and all in it, at once and with nothing to reindex."""
    if not policies.can_manage_sections(viewer):
        raise NotAllowed(_("Only managers and admins say who reads a section."))
    _check_audience(audience)
    before = section.audience

    section.audience = audience
    SectionPage.objects.filter(pk=section.pk).update(audience=audience)
    section.audience_groups.set(groups)
    section.audience_organisations.set(organisations)
    rights_set(section)

    data = {"before": before, "after": audience}
    events.record("section.audience_changed", actor=viewer, target=("section", section.pk), data=data)
    return section


def _check_audience(audience: str) -> None:
    if audience not in Audience.values:
        raise ValidationError({"audience": _("Choose one of: %s.") % ", ".join(Audience.values)})
