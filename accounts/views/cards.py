"""The small card of a person that opens beside their name."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views import View

from accounts import policies, selectors
from accounts.panels import panels_in

SECONDS = 60  # that a browser shows it again


class PersonCardView(View):
    """A piece for scripts: without them, a name is a link to the profile, where all of this stands too."""

    def get(self, request: HttpRequest, username: str) -> HttpResponse:
        person = selectors.person(request.viewer, username)
        if person is None:
            raise Http404
        context = {
            "person": person,
            "panels": panels_in("card", request.viewer, person),
            "sees_contact": policies.can_see_contact(request.viewer, person),
            "is_ignored": request.viewer.ignores(person.pk),
        }
        answer = render(request, "accounts/_card.html", context)
        patch_cache_control(answer, private=True, max_age=SECONDS)
        return answer
