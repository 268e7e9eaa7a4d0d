"""The three fixed pages of the tree: the site's root, /kb/ and /wiki/. `services.tree_ensure` makes them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from knowledge.models.base import OwnPage


class SiteRootPage(OwnPage, Page):
    """The root that Wagtail's site points to; the home page itself is `config.views.home`."""

    max_count = 1
    parent_page_types = []
    subpage_types = ["knowledge.KnowledgeIndexPage", "knowledge.WikiIndexPage"]
    promote_panels = []
    settings_panels = []

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")


class KnowledgeIndexPage(OwnPage, Page):
    """/kb/"""

    max_count = 1
    parent_page_types = ["knowledge.SiteRootPage"]
    subpage_types = ["knowledge.SectionPage"]
    promote_panels = []
    settings_panels = []

    class Meta:
        verbose_name = _("support articles")
        verbose_name_plural = _("support articles")


class WikiIndexPage(OwnPage, Page):
    """/wiki/"""

    max_count = 1
    parent_page_types = ["knowledge.SiteRootPage"]
    subpage_types = ["knowledge.SectionPage"]
    promote_panels = []
    settings_panels = []

    class Meta:
        verbose_name = _("wiki")
        verbose_name_plural = _("wikis")
