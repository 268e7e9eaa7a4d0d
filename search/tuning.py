"""Relevance settings, tried before they are saved: on what people here searched for and opened, and on the pins.

What was opened is judged right (2 where three or more did, or staff pinned it). People open what stands high, so the
order of now has an advantage in this: a clear gain is a gain, a small loss may be none. The asker's own eyes bound it:
things that they may not see are no part of their trial.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer, viewer_for
from search import evaluate, parser, services, shaping
from search.models import Pin, RelevanceTrial, RelevanceVersion, SearchLog
from search.policies import can_tune
from search.relevance import Relevance, changes, relevance_of
from search.sources import sources

MOST_QUESTIONS: Final = 200
MOST_OPENED: Final = 2_000
MOST_TRIALS: Final = 20
BATCH: Final = 5
OFTEN: Final = 3
DAYS: Final = 365
Places = dict[str, int]


@transaction.atomic
def trial_create(*, viewer: Viewer, settings: Mapping[str, Any]) -> RelevanceTrial:
    """Begin to try settings; the worker goes on with it. Older trials beyond twenty are forgotten.

    Raises NotAllowed for who is no manager, ValidationError({name: …}) for a number that is none or out of its range,
    ValidationError({"settings": …}) where nothing differs from what is saved.
    """
    _must_tune(viewer)
    wanted, now = relevance_of(settings), shaping.current().relevance
    if wanted == now:
        raise ValidationError({"settings": _("Nothing is changed: these are the settings of now.")})
    questions = _questions(viewer)

    trial = RelevanceTrial.objects.create(
        weights=changes(wanted), before=changes(now), questions=questions, count=len(questions),
        asked_by_id=viewer.user_id, asked_at=timezone.now(),
    )
    old = RelevanceTrial.objects.order_by("-pk").values_list("pk", flat=True)[MOST_TRIALS : 2 * MOST_TRIALS]
    RelevanceTrial.objects.filter(pk__in=list(old)).delete()
    return trial


@transaction.atomic
def relevance_save(*, viewer: Viewer, trial: RelevanceTrial) -> RelevanceVersion:
    """Let all searches be weighed as in a finished trial, at once.

    Raises NotAllowed for who is no manager, ValidationError({"trial": …}) for a trial that is not done.
    """
    _must_tune(viewer)
    if not trial.is_done:
        raise ValidationError({"trial": _("This is still being tried. Wait until it is done.")})
    return _saved(viewer, changes(relevance_of(trial.weights)))


@transaction.atomic
def relevance_put(*, viewer: Viewer, settings: Mapping[str, Any]) -> RelevanceVersion | None:
    """Let searches be weighed as they were elsewhere, or before: without a trial, which was that house's.

    None where these are the weights of now. Raises NotAllowed for who is no manager, ValidationError({name: …}) for a
    number that is none or out of its range.
    """
    wanted = changes(relevance_of(settings))
    if wanted == weights_saved():
        return None
    _must_tune(viewer)
    return _saved(viewer, wanted)


def weights_saved() -> dict[str, float]:
    """What differs from the defaults, as it was saved last; from the table, not from what a process remembers."""
    return RelevanceVersion.objects.order_by("-pk").values_list("weights", flat=True).first() or {}


@transaction.atomic
def relevance_undo(*, viewer: Viewer) -> RelevanceVersion:
    """Go back to what held before the last change, by a version of its own; undoing twice comes back.

    Raises NotAllowed for who is no manager, ValidationError({"version": …}) where nothing was ever changed.
    """
    _must_tune(viewer)
    versions = list(RelevanceVersion.objects.order_by("-pk").values_list("weights", flat=True)[:2])
    if not versions:
        raise ValidationError({"version": _("Nothing was changed yet.")})
    return _saved(viewer, versions[1] if len(versions) > 1 else {})


def _saved(viewer: Viewer, weights: dict[str, float]) -> RelevanceVersion:
    shaping.changed()
    before = weights_saved()
    row = RelevanceVersion.objects.create(weights=weights, saved_by_id=viewer.user_id, saved_at=timezone.now())
    data = {"before": before, "after": weights}
    events.record("search.relevance_changed", actor=viewer, target=row, data=data)
    return row


def _must_tune(viewer: Viewer) -> None:
    if not can_tune(viewer):
        raise NotAllowed(_("Only managers change how results are weighed."))


def _questions(viewer: Viewer) -> list[tuple[str, Places]]:
    """What was looked for most, each with what was opened or pinned and its grade."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = SearchLog.objects.filter(
        page=1, filters={}, clicked_id__isnull=False, created_at__gte=since
    ).exclude(text="").order_by()
    opened = rows.values_list("text", "clicked_kind", "clicked_id").annotate(n=Count("pk")).order_by("-n", "text")
    judged = [(text, kind, pk, n, 2 if n >= OFTEN else 1) for text, kind, pk, n in opened[:MOST_OPENED]]
    pins = Pin.objects.order_by("pk").values_list("text", "kind", "object_id")[:MOST_OPENED]
    judged += [(text, kind, pk, 1, 2) for text, kind, pk in pins]
    seen = services.authorised_cards(viewer, {(kind, pk) for _text, kind, pk, _n, _grade in judged})
    grades: dict[str, Places] = {}
    weights: dict[str, int] = {}
    for text, kind, pk, n, grade in judged:
        if (kind, pk) in seen:
            known = grades.setdefault(text, {})
            known[f"{kind}:{pk}"] = max(grade, known.get(f"{kind}:{pk}", 0))
            weights[text] = weights.get(text, 0) + n
    often = sorted(grades, key=lambda text: (-weights[text], text))[:MOST_QUESTIONS]
    return [(text, grades[text]) for text in often]


def run_round() -> int:
    """The worker's errand: a few questions of the oldest open trial. Returns how many it asked.

    Two workers at once ask the same, and the later one's answers are dropped.
    """
    trial = RelevanceTrial.objects.filter(done__lt=F("count")).select_related("asked_by").order_by("pk").first()
    if trial is None:
        return 0
    viewer, shape = viewer_for(trial.asked_by), shaping.current()
    outcome = list(trial.outcome)
    for text, grades in trial.questions[trial.done : trial.done + BATCH]:
        pair = [_places(viewer, shape, relevance_of(which), text, grades) for which in (trial.before, trial.weights)]
        if None in pair:
            return 0  # the search of now is away: later
        outcome.append(pair)
    RelevanceTrial.objects.filter(pk=trial.pk, done=trial.done).update(outcome=outcome, done=len(outcome))
    return len(outcome) - trial.done


def _places(
    viewer: Viewer, shape: shaping.Shape, relevance: Relevance, text: str, grades: Places
) -> Places | None:
    """Where the judged things stand, from 1; None while the search of now does not answer."""
    try:
        query = parser.parse(text)
    except ValidationError:
        return {}
    answer = services.ask(
        query, viewer.tokens, kinds=[source.kind for source in sources()], now=timezone.now(), window=evaluate.DEPTH,
        shape=shaping.Shape(shape.thesaurus, relevance),
    )
    if answer.degraded:
        return None
    names = (f"{hit.kind}:{hit.id}" for hit in answer.order[: evaluate.DEPTH])
    return {name: place for place, name in enumerate(names, start=1) if name in grades}


@dataclass(frozen=True, slots=True)
class Line:
    """One kind, or all (`kind` is empty), before and after: percent by the measure's name."""

    kind: str
    queries: int
    before: dict[str, float]
    after: dict[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """`better` and `worse` count the questions whose first right result moved up or down."""

    lines: list[Line]
    better: int
    worse: int
    changed: list[tuple[str, float, float]]


def report(trial: RelevanceTrial) -> Report:
    """What a trial showed so far: overall and per kind, with the formulas of `search_evaluate`."""
    done = list(zip(trial.questions, trial.outcome, strict=False))
    kinds = sorted({name.partition(":")[0] for (_text, grades), _pair in done for name in grades})
    moved = [_best(after) - _best(before) for _question, (before, after) in done]
    old, new = asdict(relevance_of(trial.before)), asdict(relevance_of(trial.weights))
    return Report(
        lines=[_line(kind, done) for kind in ["", *kinds]] if done else [],
        better=sum(move < 0 for move in moved), worse=sum(move > 0 for move in moved),
        changed=[(name, old[name], value) for name, value in new.items() if old[name] != value],
    )


def _best(places: Places) -> int:
    return min(places.values(), default=evaluate.DEPTH + 1)


def _line(kind: str, done: list) -> Line:
    judged: evaluate.Judged = {}
    rankings: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    for number, ((_text, grades), pair) in enumerate(done):
        kept = {name: grade for name, grade in grades.items() if not kind or name.startswith(f"{kind}:")}
        if kept:
            judged[str(number)] = kept
            for ranking, places in zip(rankings, pair, strict=True):
                ranking[str(number)] = _ranking(places)
    before, after = (evaluate.scores(ranking, judged) for ranking in rankings)
    return Line(kind, len(judged), before, after)


def _ranking(places: Places) -> list[str]:
    """The first hundred, with nothing where what is not judged stood."""
    ranking = [""] * evaluate.DEPTH
    for name, place in places.items():
        ranking[place - 1] = name
    return ranking
