"""Synonyms, pins and weights as one file: to keep, and to take into another community."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from search.portable import MOST_BYTES, shaping_document, shaping_take
from search.views.pins import CurationView


class PortableFileView(CurationView):
    """The document as a file to save."""

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = JsonResponse(shaping_document(request.viewer), json_dumps_params={"indent": 1, "ensure_ascii": False})
        answer["Content-Disposition"] = 'attachment; filename="search-settings.json"'
        return answer


class PortableView(CurationView):
    """A button that saves the document, and a form that takes one in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, {})

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            taken = shaping_take(viewer=request.viewer, document=_document(request))
        except ValidationError as error:
            return self._page(request, error.message_dict)
        told = _("Taken in: %(synonyms)s lines of synonyms and %(pins)s pins; %(same)s were here already.")
        messages.success(request, told % {"synonyms": taken.synonyms, "pins": taken.pins, "same": taken.same})
        if taken.is_weighed:
            messages.success(request, _("The weights of results are those of the file now."))
        return redirect("search:portable")

    def _page(self, request: HttpRequest, wrong: dict[str, list[str]]) -> HttpResponse:
        """At most fifty mistakes at once are enough to begin with."""
        context = {"wrong": list(wrong.items())[:50], "nav": "insights", "part": "portable"}
        return render(request, "search/portable.html", context, status=400 if wrong else 200)


def _document(request: HttpRequest) -> Any:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        raise ValidationError({"file": _("Choose a file of settings, of at most 2 MB.")})
    try:
        return json.loads(file.read().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValidationError({"file": _("This is no JSON. Choose a file that was exported here.")}) from None
