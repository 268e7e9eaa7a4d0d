"""The page of one's drafts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.drafts import selectors, services


class DraftsView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        """What was begun and not sent, with where to go on."""
        return render(request, "drafts/list.html", {"drafts": selectors.drafts_of(request.viewer)})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let one go."""
        if services.draft_remove(viewer=request.viewer, context=request.POST.get("context", "")[:60]):
            messages.success(request, _("The draft is gone."))
        return redirect("drafts:list")


def draft_sent(request: HttpRequest) -> None:
    """The form that was sent says which draft it came from: that one has done its work."""
    if context := request.POST.get("draft", "")[:60]:
        services.draft_remove(viewer=request.viewer, context=context)
