"""Setting up a space in the browser, for admins; to everybody else these pages do not exist."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.forms import add_errors
from community.spaces import policies
from community.spaces.forms import SpaceForm
from community.spaces.models import Space
from community.spaces.services import space_change, space_create


class _SettingsView(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if not policies.can_manage(request.viewer):  # type: ignore[attr-defined]
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def page(
        self, request: HttpRequest, form: SpaceForm, space: Space | None = None, status: int = 200
    ) -> HttpResponse:
        nav = f"space-{space.pk}" if space else "spaces"
        return render(request, "spaces/settings.html", {"form": form, "space": space, "nav": nav}, status=status)


class SpaceCreateView(_SettingsView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, SpaceForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SpaceForm(request.POST)
        if form.is_valid():
            try:
                space = space_create(viewer=request.viewer, **form.given())  # type: ignore[attr-defined]
                messages.success(request, _("“%s” is open.") % space.name)
                return redirect(space)
            except ValidationError as error:
                add_errors(form, _beside(error))
        return self.page(request, form, status=400)


class SpaceSettingsView(_SettingsView):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = self._space(request, slug)
        return self.page(request, SpaceForm(space=space), space)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = self._space(request, slug)
        form = SpaceForm(request.POST, space=space)
        if form.is_valid():
            try:
                given = form.given()
                given["slug"] = given["slug"] or space.slug
                changed = space_change(viewer=request.viewer, space=space, **given)  # type: ignore[attr-defined]
                messages.success(request, _("Saved."))
                return redirect(changed)
            except ValidationError as error:
                add_errors(form, _beside(error))
        return self.page(request, form, space, status=400)

    def _space(self, request: HttpRequest, slug: str) -> Space:
        return get_object_or_404(Space.objects.visible_to(request.viewer).select_related("parent"), slug=slug)  # type: ignore[attr-defined]


def _beside(error: ValidationError) -> ValidationError:
    """What a service says of an act stands beside the choice of who may do it, of templates beside that of all."""
    if not hasattr(error, "error_dict"):
        return error
    names = {"start": "start_by", "reply": "reply_by", "tag": "tag_by", "templates": "template"}
    return ValidationError({names.get(name, name): told for name, told in error.error_dict.items()})
