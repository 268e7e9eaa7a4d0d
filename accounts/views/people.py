"""Profiles and the list of people."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts import policies, selectors
from accounts.directory import orders
from accounts.panels import panels_for


class ProfileView(View):
    def get(self, request: HttpRequest, username: str) -> HttpResponse:
        viewer = request.viewer
        person = selectors.person(viewer, username)
        if person is None:
            raise Http404
        if person.username != username:
            return redirect(person, permanent=True)
        context = {
            "person": person,
            "panels": panels_for(viewer, person),
            "can_edit": policies.can_edit_profile(viewer, person),
            "sees_contact": policies.can_see_contact(viewer, person),
            "nav": "people",
        }
        return render(request, "accounts/profile.html", context)


class PeopleView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        text, order = request.GET.get("q", "").replace("\0", "").strip()[:100], request.GET.get("order", "name")
        only_staff = request.GET.get("staff") == "1"
        page = selectors.people_page(
            request.viewer, text=text, only_staff=only_staff, order=order, page=request.GET.get("page", "1")
        )
        context = {
            "page_obj": page, "text": text, "order": order, "orders": orders(), "only_staff": only_staff,
            "nav": "people",
        }  # fmt: skip
        return render(request, "accounts/people.html", context)
