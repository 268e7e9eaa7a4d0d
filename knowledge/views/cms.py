"""Sections in /cms/: opening one and saying who reads it. The pages in them are edited with Wagtail's own forms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages

from accounts.forms import add_errors
from knowledge import policies, services
from knowledge.forms import AudienceForm, SectionForm
from knowledge.models import SectionPage


class _ManagersView(View):
    """For managers and admins; other editors find nothing here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policies.can_manage_sections(request.viewer):  # type: ignore[attr-defined]
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]


class SectionListView(_ManagersView):
    def get(self, request: HttpRequest) -> HttpResponse:
        sections = SectionPage.objects.visible_to(request.viewer).order_by("path")
        return render(request, "knowledge/cms/sections.html", {"sections": sections})


class SectionCreateView(_ManagersView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, SectionForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SectionForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=400)
        try:
            section = services.section_create(viewer=request.viewer, **_ids(form.cleaned_data))
        except ValidationError as error:
            add_errors(form, error)
            return self._show(request, form, status=400)
        messages.success(request, _("“%s” is open.") % section.title)
        return redirect("knowledge_cms_sections")

    def _show(self, request: HttpRequest, form: SectionForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "heading": _("New section"), "action": _("Open the section")}
        return render(request, "knowledge/cms/section_form.html", context, status=status)


class SectionAudienceView(_ManagersView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        section = self._section(request, pk)
        form = AudienceForm(
            initial={
                "audience": section.audience,
                "groups": section.audience_groups.all(),
                "organisations": section.audience_organisations.all(),
            }
        )
        return self._show(request, section, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        section = self._section(request, pk)
        form = AudienceForm(request.POST)
        if not form.is_valid():
            return self._show(request, section, form, status=400)
        services.section_set_audience(viewer=request.viewer, section=section, **_ids(form.cleaned_data))
        messages.success(request, _("Saved: from now on “%s” is read by these people alone.") % section.title)
        return redirect("knowledge_cms_sections")

    def _section(self, request: HttpRequest, pk: int) -> SectionPage:
        return get_object_or_404(SectionPage.objects.visible_to(request.viewer), pk=pk)

    def _show(self, request: HttpRequest, section: SectionPage, form: AudienceForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "heading": section.title, "action": _("Save")}
        return render(request, "knowledge/cms/section_form.html", context, status=status)


def _ids(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data with groups and organisations as ids, as the services take them."""
    chosen = {name: [row.pk for row in data[name]] for name in ("groups", "organisations")}
    return data | chosen
