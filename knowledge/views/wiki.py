"""The wiki: its front page, sections, pages, and writing in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.drafts.views import draft_sent
from accounts.errors import Conflict, NotAllowed
from accounts.forms import add_errors
from accounts.uploads.forms import bound_with_files
from knowledge import policies, services
from knowledge.forms import WikiPageForm
from knowledge.models import SectionPage, WikiPage
from knowledge.selectors import articles as sections
from knowledge.selectors import wiki as selectors
from knowledge.selectors.contents import headings_of
from knowledge.selectors.diff import lines_changed
from knowledge.tongues import tongue
from knowledge.tree import WIKI


class IndexView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "shelves": selectors.wiki_shelves(request.viewer),
            "recent": selectors.recently_changed(request.viewer),
            "nav": "wiki",
        }
        return render(request, "knowledge/wiki_index.html", context)


def section_or_404(request: HttpRequest, slug: str) -> SectionPage:
    section = sections.section_at(request.viewer, WIKI, slug)
    if section is None:
        raise Http404
    return section


def wiki_page_or_404(request: HttpRequest, section: str, slug: str) -> WikiPage:
    page = selectors.wiki_page_at(request.viewer, section, slug)
    if page is None:
        raise Http404
    return page


class SectionView(View):
    def get(self, request: HttpRequest, section: str) -> HttpResponse:
        found = section_or_404(request, section)
        pages = sections.section_pages(request.viewer, found, WikiPage.objects.all(), request.GET.get("page"))
        can_write = policies.can_write_wiki(request.viewer, found)
        context = {"section": found, "page_obj": pages, "can_write": can_write, "nav": "wiki"}
        return render(request, "knowledge/wiki_section.html", context)


class PageView(View):
    def get(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        page = wiki_page_or_404(request, section, slug)
        found = sections.section_of(page)
        context = {
            "page": page,
            "section": found,
            "headings": headings_of(page.html),
            "spoken": tongue(page, found),
            "writers": selectors.writers_of(page),
            "can_edit": policies.can_edit_wiki_page(request.viewer, page, found),
            "nav": "wiki",
        }
        return render(request, "knowledge/wiki_page.html", context)


class RelatedView(View):
    def get(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        page = wiki_page_or_404(request, section, slug)
        return render(request, "knowledge/_related.html", {"cards": sections.related_to(request.viewer, "wiki", page)})


class PageCreateView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest, section: str) -> HttpResponse:
        return self._show(request, section_or_404(request, section), WikiPageForm())

    def post(self, request: HttpRequest, section: str) -> HttpResponse:
        found = section_or_404(request, section)
        form = bound_with_files(WikiPageForm, request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                page = services.wiki_page_create(
                    viewer=request.viewer, section=found, title=data["title"], body=data["body"],
                    comment=data["comment"],
                )
                draft_sent(request)
                return redirect(page)
            except ValidationError as error:
                add_errors(form, error)
        return self._show(request, found, form, status=400)

    def _show(self, request: HttpRequest, section: SectionPage, form: WikiPageForm, status: int = 200) -> HttpResponse:
        context = {"section": section, "form": form, "nav": "wiki"}
        return render(request, "knowledge/wiki_form.html", context, status=status)


class PageEditView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        page = self._page_to_edit(request, section, slug)
        form = WikiPageForm(initial={"title": page.title, "body": page.body, "version": page.version or 0})
        return self._show(request, page, form)

    def post(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        page = self._page_to_edit(request, section, slug)
        form = bound_with_files(WikiPageForm, request)
        if not form.is_valid():
            return self._show(request, page, form, status=400)
        data = form.cleaned_data
        try:
            page = services.wiki_page_update(
                viewer=request.viewer, page=page, title=data["title"], body=data["body"], comment=data["comment"],
                version=data["version"] or 0,
            )
        except ValidationError as error:
            add_errors(form, error)
            return self._show(request, page, form, status=400)
        except Conflict as conflict:
            return self._conflict(request, page, data, str(conflict))
        draft_sent(request)
        messages.success(request, _("Saved. Thank you for keeping this page right."))
        return redirect(page)

    def _page_to_edit(self, request: HttpRequest, section: str, slug: str) -> WikiPage:
        page = wiki_page_or_404(request, section, slug)
        if not policies.can_edit_wiki_page(request.viewer, page, sections.section_of(page)):
            raise NotAllowed(_("Only staff edit this page."))
        return page

    def _conflict(self, request: HttpRequest, page: WikiPage, data: dict[str, Any], message: str) -> HttpResponse:
        """The writer's text stays; saving again now answers to the newest version, which is shown as a comparison."""
        form = WikiPageForm(data | {"version": page.version or 0})
        form.add_error(None, message)
        return self._show(request, page, form, status=409, lines=lines_changed(page.body, data["body"]))

    def _show(
        self, request: HttpRequest, page: WikiPage, form: WikiPageForm, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {"page": page, "section": sections.section_of(page), "form": form, "nav": "wiki", **more}
        return render(request, "knowledge/wiki_form.html", context, status=status)
