"""`/insights/`: the report for managers and admins, and the same as CSV."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from community.insights import policies, searching, selectors
from community.insights.deflection import ASSUMPTIONS, assumptions_from
from community.insights.export import csv_of, search_csv
from community.insights.period import PERIODS, Period, period_named


class _InsightsView(View):
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not policies.can_see(request.viewer):  # type: ignore[attr-defined]
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class OverviewView(_InsightsView):
    """`?period=30` and the assumptions by their keys."""

    def get(self, request: HttpRequest) -> HttpResponse:
        period = period_named(request.GET.get("period", ""))
        values, problems = assumptions_from(request.GET)
        bars = selectors.bars(request.viewer, period)
        kept = {item.key: request.GET[item.key] for item in ASSUMPTIONS if request.GET.get(item.key)}
        context = {
            "nav": "insights", "report": selectors.report(request.viewer, period, values), "bars": _drawn(bars),
            "tallest": max(bar.asked for bar in bars), "tabs": _tabs(period, kept), "period": period,
            "problems": problems,
            "assumptions": [(item, values[item.key], problems.get(item.key, "")) for item in ASSUMPTIONS],
            "export_query": urlencode({"period": period.key, **{key: f"{value:g}" for key, value in values.items()}}),
        }
        return render(request, "insights/overview.html", context, status=400 if problems else 200)


class ExportView(_InsightsView):
    """`/insights/report.csv`, with the same choices as the page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        period = period_named(request.GET.get("period", ""))
        values, _problems = assumptions_from(request.GET)
        text = csv_of(selectors.report(request.viewer, period, values))
        return _csv(text, _("insights"), period)


class SearchView(_InsightsView):
    """`/insights/search/?period=30&order=lost`: how well search serves people, and what to do about it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        period = period_named(request.GET.get("period", ""))
        report = searching.search_report(period, order=request.GET.get("order", ""))
        context = {
            "nav": "insights", "report": report, "period": period, "tabs": _tabs(period, {"order": report.order}),
            "export_query": urlencode({"period": period.key, "order": report.order}),
        }
        return render(request, "insights/search.html", context)


class SearchExportView(_InsightsView):
    """`/insights/search.csv`, with the same choices as the page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        period = period_named(request.GET.get("period", ""))
        report = searching.search_report(period, order=request.GET.get("order", ""))
        return _csv(search_csv(report), "search", period)


def _tabs(period: Period, kept: dict[str, str]) -> list[dict]:
    """The periods, each as an address that keeps the other choices."""
    return [
        {
            "key": key, "label": label, "is_current": key == period.key,
            "url": "?" + urlencode({"period": key, **kept}),
        }
        for key, (_days, label) in PERIODS.items()
    ]


def _csv(text: str, name: str, period: Period) -> HttpResponse:
    """A report as a file, named after what it is and when."""
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    file = f"{name}-{period.start:%Y-%m-%d}-{period.end:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _drawn(bars: list[selectors.Bar]) -> list[dict]:
    """The bars in the drawing's own units: 100 high, 20 wide each."""
    tallest = max((bar.asked for bar in bars), default=0) or 1
    return [
        {
            "bar": bar, "x": number * 20 + 3, "y": 100 - 100 * bar.asked / tallest, "height": 100 * bar.asked / tallest,
            "solved_y": 100 - 100 * bar.solved / tallest, "solved_height": 100 * bar.solved / tallest,
        }
        for number, bar in enumerate(bars)
    ]
