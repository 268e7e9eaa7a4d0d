"""What every page type shares: our own addresses, and Wagtail's own way in shut.

Readers come through `knowledge.views`, which go through `visible_to`. `serve` answers 404 for every page type, so no
route of Wagtail's can show a draft or a private page. Previews in /cms/ stay: they need permission to edit the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.text import LIMITS, all_of, clean_line, clean_source, render_markdown


class OwnPage(models.Model):
    """Mixed into each page type, before `Page`."""

    if TYPE_CHECKING:
        url_path: str

    # The audience of sections is the one rule of who may read; Wagtail's own privacy settings would not be heard.
    private_page_options = []
    # Bodies are Markdown and refer to no page, image or document by id: there is nothing to track.
    wagtail_reference_index_ignore = True
    preview_template = ""

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return "/" + self.url_path.split("/", 2)[2]

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """The address comes from SITE_URL, whatever host name Wagtail's Site holds."""
        parts = super().get_url_parts(request=request)  # type: ignore[misc]
        return parts and (parts[0], settings.SITE_URL, self.get_absolute_url())

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        raise Http404

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [("", str(_("Default")))] if self.preview_template else []

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """What an editor sees beside the form; the page holds the form's unsaved values."""
        return TemplateResponse(request, self.preview_template, {"page": self})


class MarkdownPage(models.Model):
    """A Markdown source and the HTML rendered from it.

    `clean` is the one gate: services, the forms of /cms/ and every publication of a revision pass through it, so `html`
    is always what `body` gives today, and never what a stored revision or a form claims.
    """

    body = models.TextField(
        _("text"), max_length=LIMITS["article"],
        help_text=_("Markdown: ## heading, **bold**, - list, 1. steps, [words](address), ``` for code. No HTML."),
    )
    html = models.TextField(max_length=2_000_000, editable=False, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Raises ValidationError naming title or body."""
        all_of({"title": self._clean_title, "body": self._clean_body})
        super().clean()

    def _clean_title(self) -> None:
        self.title = clean_line(self.title)

    def _clean_body(self) -> None:
        self.body = clean_source(self.body, limit=LIMITS["article"])
        self.html = render_markdown(self.body)
