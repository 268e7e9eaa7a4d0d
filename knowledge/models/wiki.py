"""A wiki page, written by members at /wiki/<section>/<page>/, and the numbered list of its edits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager

from accounts.models.limits import TextLimit
from accounts.text import LIMITS
from knowledge.models.article import BODY_WIDGET
from knowledge.models.base import MarkdownPage, OwnPage
from knowledge.querysets import WikiPageQuerySet
from knowledge.tree import WIKI, index_of


class WikiPage(OwnPage, MarkdownPage, Page):
    """`locked` (Wagtail's) keeps a page for editors alone. Its version is the number of its last edit."""

    imported_from = models.CharField(max_length=200, blank=True, editable=False, db_index=True)

    objects = PageManager.from_queryset(WikiPageQuerySet)()

    parent_page_types = ["knowledge.SectionPage"]
    subpage_types = []
    preview_template = "knowledge/wiki_page_preview.html"
    content_panels = [*Page.content_panels, FieldPanel("body", widget=BODY_WIDGET)]
    promote_panels = [FieldPanel("slug")]
    settings_panels = []

    class Meta:
        constraints = [
            TextLimit(field="body", limit=LIMITS["article"], name="wikipage_body_limit"),
            TextLimit(field="html", limit=2_000_000, name="wikipage_html_limit"),
        ]
        verbose_name = _("wiki page")
        verbose_name_plural = _("wiki pages")

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        return super().can_exist_under(parent) and index_of(parent) == WIKI


class WikiEdit(models.Model):
    """One version that was public. The text, person and time are Wagtail's revision; drafts in /cms/ have no edit."""

    page = models.ForeignKey(WikiPage, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    comment = models.CharField(_("what changed"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("edit of a wiki page")
        verbose_name_plural = _("edits of wiki pages")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="wiki_edit_number_once")]

    def __str__(self) -> str:
        return f"{self.page_id} v{self.number}"
