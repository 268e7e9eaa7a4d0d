"""The directory of spaces."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from community.spaces.selectors import spaces_for_menu


class SpaceIndexView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "spaces/index.html", {"spaces": spaces_for_menu(request.viewer), "nav": "spaces"})
