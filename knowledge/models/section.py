"""A section of the articles or of the wiki. It names its readers; everything in it carries `section:<pk>`."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.forms import Select
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager

from accounts.models import Audienced
from accounts.text import clean_line
from knowledge.models.base import OwnPage
from knowledge.querysets import SectionQuerySet
from knowledge.tree import index_of
from search import languages

_LANGUAGES = Select(choices=languages.choices())
_SPOKEN = _("What the pages in it are written in; an article may name its own.")


class SectionPage(OwnPage, Audienced, Page):
    """Made by `services.section_create` (in /cms/ under Sections), which gives editors their rights on it.

    The audience is no part of a revision: publishing an old draft never brings an old audience back.
    """

    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")  # empty: the site's

    objects = PageManager.from_queryset(SectionQuerySet)()

    is_creatable = False
    parent_page_types = ["knowledge.KnowledgeIndexPage", "knowledge.WikiIndexPage"]
    subpage_types = ["knowledge.ArticlePage", "knowledge.WikiPage"]
    content_panels = [
        *Page.content_panels, FieldPanel("intro"), FieldPanel("language", widget=_LANGUAGES, help_text=_SPOKEN)
    ]  # fmt: skip
    promote_panels = [FieldPanel("slug")]
    settings_panels = []

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def clean(self) -> None:
        """Raises ValidationError naming title, intro or language."""
        self.title = clean_line(self.title, limit=80)
        self.intro = clean_line(self.intro, field="intro", limit=300, required=False)
        self.language = languages.checked(self.language)
        super().clean()

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Only `services.section_set_audience` changes the audience; a save keeps what the database holds now."""
        rows = SectionPage.objects.select_for_update(of=("self",)).filter(pk=self.pk)
        self.audience = rows.values_list("audience", flat=True).first() or self.audience
        return super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """The audience token of everything inside."""
        return f"section:{self.pk}"

    @property
    def index(self) -> str:
        """Where it stands: "kb" or "wiki"."""
        return index_of(self)

    @property
    def is_private(self) -> bool:
        return self.audience not in {"public", "members"}
