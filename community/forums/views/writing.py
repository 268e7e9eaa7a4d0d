"""What helps while one writes and reads: the preview, the lists under the caret, links as cards."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from community.forums.completions import LABELS, completions
from community.forums.services.texts import render_body
from community.forums.unfold import cards_at


class PreviewView(LoginRequiredMixin, View):
    """Markdown as it will look; the same renderer as when it is sent."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            _source, html = render_body(request.POST.get("body", ""))
        except ValidationError as error:
            return render(request, "forums/_preview.html", {"problems": error.messages}, status=400)
        return render(request, "forums/_preview.html", {"html": html})


class UnfoldView(View):
    """Cards of addresses of this site (`u`, several), for whoever reads a text with links to them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "forums/_unfolded.html", {"cards": cards_at(request.viewer, request.GET.getlist("u"))})


class CompletionsView(LoginRequiredMixin, View):
    """People, tags, emoji or links that begin as typed: a list box for the composer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        key = request.GET.get("key", "")
        lines = completions(request.viewer, key, request.GET.get("q", ""))
        return render(request, "forums/_completions.html", {"lines": lines, "label": LABELS.get(key, "")})
