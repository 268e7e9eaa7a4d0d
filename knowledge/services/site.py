"""The fixed pages: Wagtail's root, our site's root, /kb/ and /wiki/. Runs after every `migrate`; twice is as once."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from knowledge.models import KnowledgeIndexPage, SiteRootPage, WikiIndexPage
from knowledge.tree import KB, ROOT_SLUG, WIKI


@transaction.atomic
def tree_ensure() -> SiteRootPage:
    """Make what is missing and return the site's root. The site is the default one, so host names never matter."""
    root = SiteRootPage.objects.first()
    if root is None:
        root = SiteRootPage(title=settings.SITE_NAME, slug=ROOT_SLUG)
        _tree_root().add_child(instance=root)
    for model, slug, title in ((KnowledgeIndexPage, KB, _("Support articles")), (WikiIndexPage, WIKI, _("Wiki"))):
        if not model.objects.exists():
            Page.objects.get(pk=root.pk).add_child(instance=model(title=title, slug=slug))
    if not Site.objects.filter(is_default_site=True, root_page_id=root.pk).exists():
        names = {"hostname": "localhost", "root_page_id": root.pk, "site_name": settings.SITE_NAME}
        Site.objects.update_or_create(is_default_site=True, defaults=names)
    return root


def _tree_root() -> Page:
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    page_type = ContentType.objects.get_for_model(Page)
    return Page.get_first_root_node() or Page.add_root(title="Root", slug="root", content_type=page_type)
