"""`/health/`: the operator's page. For others it does not exist."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views import View

from config.operation.problems import problems
from config.operation.services import can_operate, retry
from config.operation.state import state


class _OperatorView(View):
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not can_operate(request.viewer):  # type: ignore[attr-defined]
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class HealthView(_OperatorView):
    """Everything at a glance; htmx fetches the middle of it anew every ten seconds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = state()
        template = "operation/_health.html" if request.htmx else "operation/health.html"  # type: ignore[attr-defined]
        answer = render(request, template, {"nav": "health", "state": found, "problems": problems(found)})
        answer["Cache-Control"] = "private, no-store"
        return answer


class RetryView(_OperatorView):
    """The buttons “Try again”."""

    def post(self, request: HttpRequest) -> HttpResponse:
        count = retry(
            viewer=request.viewer,  # type: ignore[attr-defined]
            queue=request.POST.get("queue", ""),
            name=request.POST.get("name", ""),
        )
        text = ngettext("%d will be tried again.", "%d will be tried again.", count) % count
        messages.success(request, text)
        return redirect("operation:health")
