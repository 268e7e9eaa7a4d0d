"""What /cms/ shows: pages, sections and reports, and nothing that this product does not use."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.permissions import policy_registry

from knowledge import policies
from knowledge.models import SectionPage
from knowledge.views import cms

SHOWN: Final = {"explorer", "sections", "reports", "community"}


class SectionsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return policies.can_manage_sections(request.viewer)  # type: ignore[attr-defined]


@hooks.register("register_admin_urls")
def section_urls() -> list:
    return [
        path("sections/", cms.SectionListView.as_view(), name="knowledge_cms_sections"),
        path("sections/new/", cms.SectionCreateView.as_view(), name="knowledge_cms_section_create"),
        path("sections/<int:pk>/", cms.SectionAudienceView.as_view(), name="knowledge_cms_section"),
    ]


@hooks.register("register_admin_menu_item")
def sections_menu_item() -> MenuItem:
    return SectionsMenuItem(
        _("Sections"), reverse("knowledge_cms_sections"), name="sections", icon_name="folder-open-inverse", order=150
    )


@hooks.register("register_admin_menu_item")
def community_menu_item() -> MenuItem:
    return MenuItem(_("Back to the community"), "/", name="community", icon_name="home", order=900)


@hooks.register("construct_main_menu")
def only_what_is_used(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name in SHOWN]


@hooks.register("construct_page_chooser_queryset")
def only_own_sections(pages: QuerySet, request: HttpRequest) -> QuerySet:
    """Wagtail's chooser offers every page; an editor is offered those of their sections."""
    return pages & policy_registry.get_by_type(Page).explorable_instances(request.user)


@hooks.register("register_page_header_buttons")
def audience_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> list[Button]:
    if not (isinstance(page.specific, SectionPage) and user.roles & {"manager", "admin"}):
        return []
    address = reverse("knowledge_cms_section", args=[page.pk])
    return [Button(_("Who may read"), address, icon_name="lock-open", priority=50)]


@hooks.register("insert_editor_js")
def editor_scripts() -> SafeString:
    """The count of characters left under a text; and Wagtail's choosers of dates, without inline script."""
    names = ("knowledge/limit.js", "knowledge/moments.js")
    return format_html_join("", '<script src="{}" defer></script>', ((static(name),) for name in names))


@hooks.register("before_serve_document")
def no_documents(document: Any, request: HttpRequest) -> None:
    """Wagtail's documents are not used: files get their own room, with a check at every request."""
    raise Http404
