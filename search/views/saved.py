"""A person's own saved searches."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from search import log, saved
from search.models import SavedSearch


class SavedListView(LoginRequiredMixin, View):
    """The list; POST `query` (an address's query string) saves a search and goes back to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "search/saved.html", {
            "rows": saved.saved_of(request.viewer), "recent": log.recent(request.viewer), "nav": "search",
        })

    def post(self, request: HttpRequest) -> HttpResponse:
        row = saved.saved_search_create(
            viewer=request.viewer, query=request.POST.get("query", ""), name=request.POST.get("name", "")
        )
        messages.success(request, _("Saved. You hear of new results, and find the search under “Saved searches”."))
        return redirect(row)


class SavedTellView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        on = request.POST.get("on", "1") == "1"
        saved.saved_search_tell(viewer=request.viewer, saved=_own_or_404(request, pk), on=on)
        return redirect("search:saved")


class SavedRemoveView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        saved.saved_search_remove(viewer=request.viewer, saved=_own_or_404(request, pk))
        messages.success(request, _("Removed."))
        return redirect("search:saved")


class RecentForgetView(LoginRequiredMixin, View):
    """The person's name comes off what they searched for."""

    def post(self, request: HttpRequest) -> HttpResponse:
        log.forget(request.viewer)
        messages.success(request, _("Your recent searches are forgotten."))
        return redirect("search:saved")


def _own_or_404(request: HttpRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch, pk=pk, user_id=request.viewer.user_id)
