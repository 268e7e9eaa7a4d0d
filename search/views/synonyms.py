"""Synonyms: the list for staff with a form, and a page to say one of them in other words."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from search.models import Synonyms
from search.synonyms import MOST_CHARACTERS, synonyms_change, synonyms_create, synonyms_remove
from search.views.pins import PAGE, CurationView


class SynonymsListView(CurationView):
    """All lines; `words` in the address begins a new one, POST `rule` adds it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = " ".join(request.GET.get("words", "").replace("\0", " ").replace(",", " ").split())[:MOST_CHARACTERS]
        return self._page(request, f"{words}, " if words else "")

    def post(self, request: HttpRequest) -> HttpResponse:
        rule = request.POST.get("rule", "")
        try:
            row = synonyms_create(viewer=request.viewer, rule=rule)
        except ValidationError as error:
            return self._page(request, rule, errors=error.messages)
        messages.success(request, _("Added: %s. Searches know it from now on.") % row)
        return redirect("search:synonyms")

    def _page(self, request: HttpRequest, rule: str, errors: list[str] | None = None) -> HttpResponse:
        page = Paginator(Synonyms.objects.select_related("changed_by"), PAGE).get_page(request.GET.get("page"))
        context = {
            "page_obj": page, "rule": rule, "errors": errors, "limit": MOST_CHARACTERS, "nav": "insights",
            "part": "synonyms",
        }
        return render(request, "search/synonyms.html", context, status=400 if errors else 200)


class SynonymsChangeView(CurationView):
    """One line in a form."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Synonyms, pk=pk)
        return self._page(request, row, str(row))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Synonyms, pk=pk)
        rule = request.POST.get("rule", "")
        try:
            synonyms_change(viewer=request.viewer, synonyms=row, rule=rule)
        except ValidationError as error:
            return self._page(request, row, rule, errors=error.messages)
        messages.success(request, _("Changed: %s") % row)
        return redirect("search:synonyms")

    def _page(self, request: HttpRequest, row: Synonyms, rule: str, errors: list[str] | None = None) -> HttpResponse:
        context = {
            "row": row, "rule": rule, "errors": errors, "limit": MOST_CHARACTERS, "nav": "insights", "part": "synonyms"
        }
        return render(request, "search/synonyms_change.html", context, status=400 if errors else 200)


class SynonymsRemoveView(CurationView):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Synonyms, pk=pk)
        told = str(row)
        synonyms_remove(viewer=request.viewer, synonyms=row)
        messages.success(request, _("Removed: %s") % told)
        return redirect("search:synonyms")
