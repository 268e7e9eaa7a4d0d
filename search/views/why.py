"""Why a result stands where it does: a page for staff."""

from __future__ import annotations

from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from search import parser, policies, saved
from search.relevance import Relevance
from search.views.pins import CurationView
from search.views.results import private
from search.why import Why, why

PLACES = {
    "title": _lazy("title"), "keywords": _lazy("names and codes"), "tag_words": _lazy("tags"),
    "summary": _lazy("summary or tags"), "body": _lazy("text"), "solution": _lazy("solution"),
    "replies": _lazy("replies"),
}
ROLES = {
    "word": _lazy("as typed"), "synonym": _lazy("a synonym"), "slip": _lazy("read as a slip"),
    "phrase": _lazy("side by side"),
}


@private
class WhyView(CurationView):
    """`/search/why/<kind>/<id>/` with the parameters of the results page."""

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        data = {name: values for name, values in request.GET.lists()}
        try:
            query = parser.parse(request.GET.get("q", ""), data=data)
        except ValidationError:
            raise Http404 from None
        found = why(request.viewer, query, kind=kind, object_id=pk) if pk <= 2**62 else None
        if found is None:
            raise Http404
        return render(request, "search/why.html", {
            "why": found, "query": query, "said": [_line(one, found) for one in found.said],
            "lifts": [(Relevance.__dataclass_fields__[n].metadata["label"], v) for n, v in found.lifts.items()],
            "back": saved.query_string(request.GET), "nav": "search", "part": "",
            "can_tune": policies.can_tune(request.viewer),
        })


def _line(one, found: Why) -> SimpleNamespace:
    """One word in the terms of the page, its bar as a share of the strongest."""
    places = [
        str(PLACES.get(place, place)) + (f" {points:.1f}" if points is not None else "") for place, points in one.places
    ]
    return SimpleNamespace(
        words=one.form.words, role=ROLES[one.form.role], places=_(", ").join(places), points=one.points,
        of=max((other.points for other in found.said), default=1.0) or 1.0,
    )
