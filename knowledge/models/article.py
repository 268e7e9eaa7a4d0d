"""A support article, written by staff in /cms/ and read by customers at /kb/<section>/<article>/."""

from __future__ import annotations

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import Page, PageManager

from accounts.models.limits import TextLimit
from accounts.text import LIMITS, clean_line
from knowledge.models.base import MarkdownPage, OwnPage
from knowledge.querysets import ArticleQuerySet
from knowledge.tree import KB, index_of
from search import languages

_LANGUAGES = forms.Select(choices=[("", _("As its section")), *languages.choices()[1:]])
BODY_WIDGET = forms.Textarea(attrs={"rows": 28, "data-limit": LIMITS["article"], "spellcheck": "true"})


class ArticlePage(OwnPage, MarkdownPage, Page):
    """`owner` is the author. What readers and checkers say of it is in `ArticleStanding`, apart from the revisions."""

    summary = models.CharField(
        _("summary"), max_length=300, blank=True, help_text=_("One sentence: what the reader can do afterwards.")
    )
    product = models.CharField(_("product"), max_length=80, blank=True)
    tags = models.CharField(_("tags"), max_length=400, blank=True, help_text=_("Words, separated by commas."))
    language = models.CharField(_("language"), max_length=12, blank=True, default="")  # empty: its section's
    imported_from = models.CharField(max_length=200, blank=True, editable=False, db_index=True)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    parent_page_types = ["knowledge.SectionPage"]
    subpage_types = []
    preview_template = "knowledge/article_preview.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body", widget=BODY_WIDGET),
        MultiFieldPanel(
            [FieldPanel("product"), FieldPanel("tags"), FieldPanel("language", widget=_LANGUAGES)],
            heading=_("Sorting"),
        ),
    ]
    promote_panels = [FieldPanel("slug")]
    settings_panels = [PublishingPanel()]

    class Meta:
        constraints = [
            TextLimit(field="body", limit=LIMITS["article"], name="articlepage_body_limit"),
            TextLimit(field="html", limit=2_000_000, name="articlepage_html_limit"),
        ]
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def clean(self) -> None:
        """Raises ValidationError naming the field that is wrong."""
        self.summary = clean_line(self.summary, field="summary", limit=300, required=False)
        self.product = clean_line(self.product, field="product", limit=80, required=False)
        self.language = languages.checked(languages.near_to(self.language) or self.language)
        self.tags = ", ".join(self._tags(clean_line(self.tags, field="tags", limit=400, required=False)))
        super().clean()

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        return super().can_exist_under(parent) and index_of(parent) == KB

    @property
    def tag_list(self) -> list[str]:
        return self._tags(self.tags)

    @staticmethod
    def _tags(words: str) -> list[str]:
        return list(dict.fromkeys(word.strip().lower() for word in words.split(",") if word.strip()))
