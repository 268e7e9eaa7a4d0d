"""What helps while one writes: the preview, and the lists under the caret."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from community.forums.completions import LABELS, completions
from community.forums.services.texts import render_body


class PreviewView(LoginRequiredMixin, View):
    """Markdown as it will look; the same renderer as when it is sent."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            _source, html = render_body(request.POST.get("body", ""))
        except ValidationError as error:
            return render(request, "forums/_preview.html", {"problems": error.messages}, status=400)
        return render(request, "forums/_preview.html", {"html": html})


class CompletionsView(LoginRequiredMixin, View):
    """People, tags, emoji or links that begin as typed: a list box for the composer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        key = request.GET.get("key", "")
        lines = completions(request.viewer, key, request.GET.get("q", ""))
        return render(request, "forums/_completions.html", {"lines": lines, "label": LABELS.get(key, "")})
