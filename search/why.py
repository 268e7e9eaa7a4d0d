"""Why a hit stands where it stands, step by step, for staff: the same numbers that made the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from accounts.viewer import Viewer
from search import fusion, services, shaping
from search.engines import engine
from search.engines.base import Form, Hit, Said
from search.policies import can_curate
from search.query import SearchQuery
from search.sources import Card, source_for, sources

WINDOW: Final = 200
MOST_FORMS: Final = 40


@dataclass(frozen=True, slots=True)
class Step:
    """A place in one of the lists: `rank` from 1 among `of` that were looked at; None where it is not among them."""

    rank: int | None
    of: int


@dataclass(frozen=True, slots=True)
class Why:
    """`said` and `missing` are what the thing says of the query, `points` their sum; `lifts` what trust and age add, in
    percent, by setting; `words` and `meaning` the places within its kind, `place` that among all; `score` is the fused
    one."""

    card: Card
    label: str
    engine: str
    degraded: bool
    said: list[Said]
    missing: list[Form]
    points: float
    lifts: dict[str, float]
    words: Step
    meaning: Step | None
    place: Step
    score: float
    is_exact: bool
    is_pinned: bool
    is_loose: bool


def why(viewer: Viewer, query: SearchQuery, *, kind: str, object_id: int) -> Why | None:
    """What placed one thing for one query; None for who is not staff and for what this viewer does not see."""
    source = source_for(kind)
    if source is None or not can_curate(viewer) or query.is_empty:
        return None
    card = source.cards([object_id], viewer).get(object_id)
    if card is None:
        return None
    now, (pins, shape) = timezone.now(), shaping.looked_up(query)
    kinds = [each.kind for each in sources()]
    answer = services.ask(query, viewer.tokens, kinds=kinds, now=now, window=WINDOW, shape=shape)
    key = (kind, object_id)
    own = sorted((fusion.lifted(hit, answer.query.relevance, now=now) for hit in answer.found.hits.get(kind, ())),
                 key=lambda hit: -hit.score)
    near = answer.near.get(kind, [])
    # What the index offers and the database hides is in no place of any list here.
    seen = services.authorised_cards(viewer, (hit.key for hit in [*own, *near, *answer.order[:WINDOW]]))
    forms = forms_of(answer.query)
    said = engine(answer.engine).explain(answer.query, forms, kind, object_id)
    hit = next((hit for hit in [*answer.order] if hit.key == key), None)
    lifts = fusion.lifts(hit, answer.query.relevance, now=now) if hit else {}
    told = {one.form.term for one in said}
    return Why(
        card=card, label=str(source.label), engine=answer.engine, degraded=answer.degraded, said=said,
        missing=[form for form in forms if form.term not in told and form.role in {"word", "phrase"}],
        points=_points(said), lifts={name: 100 * share for name, share in lifts.items() if share},
        words=_step(own, key, seen), meaning=_step(near, key, seen) if answer.near else None,
        place=_step(answer.order[:WINDOW], key, seen), score=hit.score if hit else 0.0,
        is_exact=fusion.is_exact(card.title, query), is_pinned=key in pins, is_loose=answer.is_loose,
    )


def forms_of(query: SearchQuery) -> list[Form]:
    """All that a query looks for, one after the other."""
    found = []
    for number, term in enumerate(query.terms):
        found.append(Form(number, " ".join(term.parts), "word"))
        found += [Form(number, word, "slip") for word in term.meant]
        found += [Form(number, words, "synonym") for words in term.also]
    found += [Form(1000 + number, phrase, "phrase") for number, phrase in enumerate(query.phrases)]
    return found[:MOST_FORMS]


def _points(said: list[Said]) -> float:
    """A term counts by its strongest form."""
    best: dict[int, float] = {}
    for one in said:
        best[one.form.term] = max(one.points, best.get(one.form.term, 0.0))
    return sum(best.values())


def _step(hits: list[Hit], key: tuple[str, int], seen: dict[tuple[str, int], Card]) -> Step:
    keys = [hit.key for hit in hits if hit.key in seen]
    return Step(keys.index(key) + 1 if key in keys else None, len(keys))
