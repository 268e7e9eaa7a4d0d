"""The sources, for managers: what there is, how much of it, since when, and what went wrong."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from search.external import policies, services
from search.external.forms import SourceForm
from search.external.models import ExternalSource


class _SourcesView(View):
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not policies.can_manage_sources(request.viewer):  # type: ignore[attr-defined]
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class SourceListView(_SourcesView):
    """The list and the form that adds one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, SourceForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SourceForm(request.POST)
        if form.is_valid():
            try:
                source = services.source_create(viewer=request.viewer, **form.cleaned_data)
                messages.success(request, _("“%s” is set up.") % source.name)
                return redirect("external:list")
            except ValidationError as error:
                for name, told in error.message_dict.items():
                    form.add_error(name if name in form.fields else None, told)
        return self._page(request, form, status=400)

    def _page(self, request: HttpRequest, form: SourceForm, status: int = 200) -> HttpResponse:
        rows = ExternalSource.objects.annotate(record_count=Count("records")).order_by("name", "pk")
        context = {"rows": rows, "form": form, "readers": ExternalSource.Readers.choices, "nav": "insights"}
        return render(request, "external/list.html", context, status=status)


class SourceReadersView(_SourcesView):
    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        source = get_object_or_404(ExternalSource, slug=slug)
        services.source_update(viewer=request.viewer, source=source, readers=request.POST.get("readers", ""))
        messages.success(request, _("Changed: who may find “%s”.") % source.name)
        return redirect("external:list")


class SourceRemoveView(_SourcesView):
    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        source = get_object_or_404(ExternalSource, slug=slug)
        services.source_remove(viewer=request.viewer, source=source)
        messages.success(request, _("“%s” is forgotten.") % source.name)
        return redirect("external:list")
