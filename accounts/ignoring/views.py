"""The page of whom one does not hear, and the choice itself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.addresses import way_back
from accounts.ignoring import selectors, services
from accounts.ignoring.forms import IgnoreForm
from accounts.models import User
from accounts.panels import panels_in
from accounts.selectors import person as find_person


class IgnoredView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        """Everybody and everything that one does not want to hear of, each with its way back."""
        context = {
            "ignored": selectors.ignored_by(request.viewer), "tab": "ignored",
            "panels": panels_in("quiet", request.viewer, request.user),
        }  # fmt: skip
        return render(request, "ignoring/list.html", context)


class ChoiceView(LoginRequiredMixin, View):
    """Mute or ignore one person, or hear them again."""

    def post(self, request: HttpRequest, username: str) -> HttpResponse:
        person = person_or_404(request, username)
        if request.POST.get("act") == "hear":
            services.person_hear(viewer=request.viewer, person=person)
            messages.success(request, _("You hear from %s again.") % person)
        else:
            form = IgnoreForm(request.POST)
            form.is_valid()
            level, days = request.POST.get("level", ""), form.cleaned_data.get("days")
            services.person_ignore(viewer=request.viewer, person=person, level=level, days=days)
            messages.success(request, _("You will not hear from %s. They are not told.") % person)
        return redirect(way_back(request) or person)


def person_or_404(request: HttpRequest, username: str) -> User:
    person = find_person(request.viewer, username)
    if person is None:
        raise Http404
    return person
