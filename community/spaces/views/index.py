"""The directory of spaces."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from community.spaces import policies
from community.spaces.models import Space
from community.spaces.selectors import spaces_for_menu


class SpaceIndexView(View):
    """The spaces that the viewer may read, each with its parts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = request.viewer  # type: ignore[attr-defined]
        context = {"levels": _levels(spaces_for_menu(viewer)), "can_manage": policies.can_manage(viewer)}
        return render(request, "spaces/index.html", context | {"nav": "spaces"})


def _levels(spaces: list[Space]) -> list[tuple[Space, list[Space]]]:
    """From each space followed by its parts to pairs."""
    found: list[tuple[Space, list[Space]]] = []
    for space in spaces:
        if found and space.parent_id == found[-1][0].pk:
            found[-1][1].append(space)
        else:
            found.append((space, []))
    return found
