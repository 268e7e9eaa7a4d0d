"""Earlier versions of a wiki page: the list, what one edit changed, and bringing a version back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.errors import Conflict
from accounts.text import whole_number
from knowledge import policies, services
from knowledge.selectors import articles as sections
from knowledge.selectors import wiki as selectors
from knowledge.selectors.diff import lines_changed
from knowledge.views.wiki import wiki_page_or_404


class HistoryView(View):
    def get(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        page = wiki_page_or_404(request, section, slug)
        context = {
            "page": page, "section": sections.section_of(page), "nav": "wiki",
            "page_obj": selectors.history_page(page, request.GET.get("page")),
        }
        return render(request, "knowledge/wiki_history.html", context)


class ChangeView(View):
    """What one edit changed."""

    def get(self, request: HttpRequest, section: str, slug: str, number: int) -> HttpResponse:
        page = wiki_page_or_404(request, section, slug)
        pair = selectors.edit_pair(page, number)
        if pair is None:
            raise Http404
        edit, before = pair
        found = sections.section_of(page)
        old = before.revision.content if before else {"title": "", "body": ""}
        context = {
            "page": page, "section": found, "edit": edit, "before": before, "nav": "wiki",
            "lines": lines_changed(old["body"], edit.revision.content["body"]),
            "old_title": old["title"], "new_title": edit.revision.content["title"],
            "is_newest": number == page.version,
            "can_restore": number != page.version and policies.can_edit_wiki_page(request.viewer, page, found),
        }
        return render(request, "knowledge/wiki_change.html", context)


class RestoreView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, section: str, slug: str, number: int) -> HttpResponse:
        page = wiki_page_or_404(request, section, slug)
        if selectors.edit_pair(page, number) is None:
            raise Http404
        try:
            page = services.wiki_page_restore(
                viewer=request.viewer, page=page, number=number,
                version=whole_number(request.POST.get("version", "")),
            )
            messages.success(request, _("Version %s is back.") % number)
        except Conflict as conflict:
            messages.error(request, str(conflict))
        return redirect(page)
