"""The results page and what the header's box shows while typing. All state is in the address, no script needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from search import alike, log, parser, policies, saved, services, suggest
from search.query import MOST_PAGES, PAGE_SIZE, SearchQuery
from search.results import Results
from search.sources import source_for

private = method_decorator(cache_control(private=True, no_store=True), name="dispatch")


@private
class ResultsView(View):
    """One list over everything that the viewer may see."""

    def get(self, request: HttpRequest) -> HttpResponse:
        data = {name: values for name, values in request.GET.lists()}
        text = request.GET.get("q", "")
        try:
            query = parser.parse(text, data=data)
        except ValidationError as error:
            return render(request, "search/results.html", refused(text, error), status=400)
        results = services.search(request.viewer, query, whole=request.GET.get("more", ""))
        return render(request, "search/results.html", {
            "query": query, "query_text": query.text, "results": results, "tabs": tabs(request, query), "nav": "search",
            "page_obj": page_of(results), "click_root": logged(request, query, results),
            "chosen": chosen(request, query), "can_curate": policies.can_curate(request.viewer),
            "alike": alike.alike(results), **kept(request),
        })


@private
class SuggestView(View):
    """While typing: an HTML fragment of links, or JSON where that is asked for. Before typing: recent searches."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")
        if request.GET.get("for") == "similar":
            cards = suggest.related(request.viewer, text=text.replace("\0", " ")[:300], limit=5)
            return render(request, "search/_similar.html", {"cards": cards})
        groups = suggest.suggest(request.viewer, text)
        recent = [] if text.strip() else log.recent(request.viewer)
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"results": flat(groups)})
        return render(request, "search/_suggest.html", {
            "groups": groups, "text": text.strip()[: parser.MOST_CHARACTERS], "recent": recent,
        })


@method_decorator(csrf_exempt, name="dispatch")  # a ping carries no CSRF token; the signed token stands for it
class ClickView(View):
    """The ping of an opened hit: noted on its own search and nowhere else."""

    def post(self, request: HttpRequest, token: str, kind: str, pk: int, rank: int) -> HttpResponse:
        if source_for(kind) is None or pk > 2**62:
            raise Http404
        log.clicked(token, kind=kind, object_id=pk, rank=rank)
        return HttpResponse(status=204)


def kept(request: HttpRequest) -> dict[str, Any]:
    """What saving and the feed need: the search as a query string, and whether the viewer saved it already."""
    query = saved.query_string(request.GET)
    return {"kept": query, "saved_search": saved.is_saved(request.viewer, query)}


def refused(text: str, error: ValidationError) -> dict[str, Any]:
    """The page's context for a query that cannot be read."""
    shown = text[: parser.MOST_CHARACTERS].replace("\0", " ")
    names = {"page": _("Page"), "after": _("From"), "before": _("To")}
    told = [
        (names.get(name, ""), message) for name, messages in error.message_dict.items() for message in messages
    ]
    return {"query_text": shown, "errors": told, "results": Results(SearchQuery()), "nav": "search"}


def tabs(request: HttpRequest, query: SearchQuery) -> list[SimpleNamespace]:
    """The orders, each as an address that keeps everything else."""
    found = []
    for sort, label in (("relevance", _("Most relevant")), ("newest", _("Newest")), ("helpful", _("Most helpful"))):
        params = request.GET.copy()
        params.pop("page", None)
        params["sort"] = sort
        found.append(SimpleNamespace(url=f"?{params.urlencode()}", label=label, is_current=query.sort == sort))
    return found


def page_of(results: Results) -> Any:
    """The pager's view of a total: never more pages than can be asked for."""
    countable = range(min(results.total, MOST_PAGES * PAGE_SIZE))
    return Paginator(countable, PAGE_SIZE).get_page(results.query.page)


def chosen(request: HttpRequest, query: SearchQuery) -> list[SimpleNamespace]:
    """The bounds of time in use, each with the address without it."""
    found = []
    for name, label, value in (
        ("after", _("since %s"), query.after), ("before", _("until %s"), query.before),
    ):
        if value and request.GET.get(name):
            params = request.GET.copy()
            params.pop(name)
            found.append(SimpleNamespace(label=label % value, url=f"?{params.urlencode()}"))
    return found


def logged(request: HttpRequest, query: SearchQuery, results: Results) -> str:
    """Log the search; a log that cannot be written stops nobody. Returns how the addresses of its pings begin."""
    if query.is_empty:
        return ""
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():  # one statement needs none
            token = log.click_token(log.record(request.viewer, query, results))
    except DatabaseError:
        return ""
    return reverse("search:click", kwargs={"token": token, "kind": "k", "pk": 0, "rank": 0}).removesuffix("k/0/0/")


def flat(groups: Sequence[suggest.Group]) -> list[Mapping[str, Any]]:
    """Suggestions as plain values, for JSON."""
    return [
        {"kind": card.kind, "id": card.id or None, "title": card.title, "url": card.url, "where": card.where}
        for group in groups
        for card, _title in group.items
    ]
