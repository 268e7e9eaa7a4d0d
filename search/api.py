"""Search under /api/v1/: the same services, the same boundary."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView
from search import parser, services, suggest, views
from search.query import FACETS, WITHIN
from search.results import Result


class HitOutput(serializers.Serializer):
    """`excerpt` is safe HTML: text that is escaped, with the matches in `<mark>`."""

    kind = serializers.CharField()
    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()
    excerpt = serializers.CharField()
    score = serializers.FloatField()
    state = serializers.CharField()
    where = serializers.CharField()
    author = serializers.CharField()
    when = serializers.DateTimeField(allow_null=True)


class ChoiceOutput(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


class SearchOutput(serializers.Serializer):
    """`looked_for`: of a long text the words that tell most, where not all were looked for; else empty.
    `did_you_mean`: the query with words that nothing holds read as near ones, or empty."""

    total = serializers.IntegerField()
    page = serializers.IntegerField()
    degraded = serializers.BooleanField()
    looked_for = serializers.ListField(child=serializers.CharField())
    did_you_mean = serializers.CharField()
    facets = serializers.DictField(child=ChoiceOutput(many=True))
    pinned = HitOutput(many=True)
    results = HitOutput(many=True)


class SuggestionOutput(serializers.Serializer):
    """A tag (kind `tag`) has no id; its address is the search for what carries it."""

    kind = serializers.CharField()
    id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    url = serializers.CharField()
    where = serializers.CharField()


class SuggestOutput(serializers.Serializer):
    results = SuggestionOutput(many=True)


def _list(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, many=True, description="May be repeated.")


_ONE = ("after", "before")
_TEXT = 'Up to 1,000 characters: words, "phrases", -not, in:, kind:, is:, tag:.'


class SearchApi(ApiView):
    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, description=_TEXT),
            *(_list(name) for name in FACETS if name != "date"),
            OpenApiParameter("date", OpenApiTypes.STR, enum=list(WITHIN)),
            *(OpenApiParameter(name, OpenApiTypes.STR) for name in _ONE),
            OpenApiParameter("more", OpenApiTypes.STR, enum=list(FACETS), description="More values of this facet."),
            OpenApiParameter("sort", OpenApiTypes.STR, enum=["relevance", "newest", "helpful"]),
            OpenApiParameter("page", OpenApiTypes.INT),
        ],
        responses={200: SearchOutput},
    )
    def get(self, request: Request) -> Response:
        """Everything that matches and that you may see, best first, with exact counts."""
        data = {name: values for name, values in request.query_params.lists()}
        query = parser.parse(request.query_params.get("q", ""), data=data)
        results = services.search(self.viewer, query, whole=request.query_params.get("more", ""))
        views.logged(request._request, query, results)
        return Response({
            "total": results.total,
            "page": query.page,
            "degraded": results.degraded,
            "looked_for": results.looked_for,
            "did_you_mean": results.offer,
            "facets": {
                facet.name: [{"value": c.value, "label": c.label, "count": c.count} for c in facet.choices]
                for facet in results.facets
            },
            "pinned": [_hit(result) for result in results.pinned],
            "results": [_hit(result) for result in results.items],
        })


class SuggestApi(ApiView):
    @extend_schema(
        operation_id="suggest", parameters=[OpenApiParameter("q", OpenApiTypes.STR)], responses={200: SuggestOutput}
    )
    def get(self, request: Request) -> Response:
        """The best few of every kind whose title begins as typed, and tags."""
        groups = suggest.suggest(self.viewer, request.query_params.get("q", ""))
        return Response({"results": [{**row, "url": _absolute(str(row["url"]))} for row in views.flat(groups)]})


def _hit(result: Result) -> dict:
    card = result.card
    return {
        "kind": card.kind, "id": card.id, "title": card.title, "url": _absolute(card.url),
        "excerpt": str(result.excerpt_html), "score": result.score, "state": card.state, "where": card.where,
        "author": card.author, "when": card.when.isoformat() if card.when else None,
    }


def _absolute(url: str) -> str:
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url
