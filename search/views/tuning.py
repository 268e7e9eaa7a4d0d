"""Relevance settings for managers: one table, tried on this community's own searches, then saved or undone."""

from __future__ import annotations

from dataclasses import asdict, fields
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from search import policies, shaping
from search.models import RelevanceTrial, RelevanceVersion
from search.relevance import DEFAULT, GROUPS, Relevance
from search.sources import source_for
from search.tuning import relevance_save, relevance_undo, report, trial_create

MOST_VERSIONS = 10
MEASURES = (("p@1", "Right one first"), ("r@10", "Right ones in ten"), ("ndcg@10", "nDCG@10"), ("mrr", "MRR"))


class _TuningView(View):
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not policies.can_tune(request.viewer):  # type: ignore[attr-defined]
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class RelevanceView(_TuningView):
    """The table and what was saved before; POST tries the numbers typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, asdict(shaping.current().relevance))

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = {spec.name: request.POST[spec.name] for spec in fields(Relevance) if spec.name in request.POST}
        try:
            trial = trial_create(viewer=request.viewer, settings=typed)
        except ValidationError as error:
            return self._page(request, typed, errors=error.message_dict)
        return redirect("search:relevance-trial", trial.pk)

    def _page(
        self, request: HttpRequest, values: dict[str, Any], errors: dict[str, list[str]] | None = None
    ) -> HttpResponse:
        versions = RelevanceVersion.objects.select_related("saved_by")[:MOST_VERSIONS]
        context = {
            "groups": table(values, errors or {}), "errors": (errors or {}).get("settings", []),
            "versions": [(version, _told(version.weights)) for version in versions],
            "nav": "insights", "part": "relevance",
        }
        return render(request, "search/relevance.html", context, status=400 if errors else 200)


class RelevanceTrialView(_TuningView):
    """How a trial goes, before and after; POST saves what was tried."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        trial = get_object_or_404(RelevanceTrial, pk=pk)
        found = report(trial)
        context = {
            "trial": trial, "report": found, "rows": _rows(found), "measures": [_(name) for _key, name in MEASURES],
            "changed": [(_label(name), f"{old:g}", f"{new:g}") for name, old, new in found.changed],
            "nav": "insights", "part": "relevance",
        }
        response = render(request, "search/relevance_trial.html", context)
        if not trial.is_done:
            response["Refresh"] = "3"
        return response

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        relevance_save(viewer=request.viewer, trial=get_object_or_404(RelevanceTrial, pk=pk))
        messages.success(request, _("Saved. All searches are weighed so from now on."))
        return redirect("search:relevance")


class RelevanceUndoView(_TuningView):
    def post(self, request: HttpRequest) -> HttpResponse:
        relevance_undo(viewer=request.viewer)
        messages.success(request, _("Undone: the settings before hold again."))
        return redirect("search:relevance")


def table(values: dict[str, Any], errors: dict[str, list[str]]) -> list[SimpleNamespace]:
    """The settings by group, as the page shows them."""
    known = Relevance.__dataclass_fields__
    return [
        SimpleNamespace(label=label, rows=[
            SimpleNamespace(
                name=name, label=known[name].metadata["label"], help=known[name].metadata["help"],
                least=f"{known[name].metadata['least']:g}", most=f"{known[name].metadata['most']:g}",
                default=f"{getattr(DEFAULT, name):g}",
                value=_shown(values.get(name, getattr(DEFAULT, name))), errors=errors.get(name, []),
            )
            for name in names
        ])
        for label, names in GROUPS
    ]


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)[:20]


def _label(name: str) -> str:
    return str(Relevance.__dataclass_fields__[name].metadata["label"])


def _told(weights: dict[str, float]) -> str:
    """What differs from the defaults, in words."""
    known = Relevance.__dataclass_fields__
    told = [f"{_label(name)} {value:g}" for name, value in weights.items() if name in known]
    return ", ".join(told) or _("as delivered")


def _rows(found: Any) -> list[SimpleNamespace]:
    """One line a kind, with (before, after, change) a measure."""
    return [
        SimpleNamespace(
            label=source.label_plural if (source := source_for(line.kind)) else _("All together"),
            queries=line.queries,
            cells=[
                (before := line.before.get(key, 0.0), after := line.after.get(key, 0.0), round(after - before, 2))
                for key, _name in MEASURES
            ],
        )
        for line in found.lines
    ]
