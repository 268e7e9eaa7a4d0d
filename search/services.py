"""Searching: ask an engine, forgive slips, fuse, and show only what the database lets this viewer see."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.text import Truncator

from accounts.prepared import asked, numbered
from accounts.viewer import ANONYMOUS, Viewer
from search import analysis, compounds, containers, facets, fusion, highlight, outbox, shaping, telling, vocabulary
from search.engines import Engine, EngineAway, fallback, primary
from search.engines.base import Found, Hit, Near
from search.models import DirtyMark, Entry, TitleWord
from search.query import PAGE_SIZE, SearchQuery, Term, with_meant
from search.results import Result, Results
from search.semantic import asking
from search.shaping import Shape
from search.sources import Card, source_for, sources

logger = logging.getLogger("threadwell.search")
OVER_FETCH: Final = 5
MOST_NEAR: Final = 50
LEAD: Final = 320


@dataclass(slots=True)
class Answer:
    """What the engines said, before the database is asked: one order, exact counts; `lacking` are words that nothing
    holds and no title mends."""

    query: SearchQuery
    found: Found
    order: list[Hit]
    engine: str
    degraded: bool = False
    is_loose: bool = False
    lacking: tuple[str, ...] = ()
    near: dict[str, list[Hit]] = field(default_factory=dict)


def search(viewer: Viewer, query: SearchQuery, *, engine: Engine | None = None, whole: str = "") -> Results:
    """One page of results, with many values of the facet `whole` and a few of the others.

    Never raises for a query that parsed: an engine that is away is replaced by the database.
    """
    began = time.perf_counter()
    if query.is_empty:
        return Results(query)
    now = timezone.now()
    pins, shape = shaping.looked_up(query)
    parts = containers.parts_for(viewer)
    asked = containers.widened(query, parts)
    answer = ask(asked, viewer.tokens, kinds=[s.kind for s in sources()], engine=engine, now=now, shape=shape)
    page, rejected = _authorised(viewer, answer.order, start=(query.page - 1) * PAGE_SIZE, size=PAGE_SIZE)
    for hit in rejected:
        facets.uncount(answer.found, hit)
    if rejected:
        logger.info("%d hits were refused by the database after the index offered them.", len(rejected))
    pinned = _pinned(viewer, query, pins)
    above = {(result.card.kind, result.card.id) for result in pinned}
    items = _shown(page, answer.query, start=(query.page - 1) * PAGE_SIZE)
    return Results(
        query=query,
        total=answer.found.total,
        items=[item for item in items if (item.card.kind, item.card.id) not in above],
        pinned=pinned,
        facets=facets.told(_with_parts(answer.found, parts), query, whole=whole),
        engine=answer.engine,
        degraded=answer.degraded,
        is_loose=answer.is_loose,
        meant=_meant_text(answer.query, items),
        offer=_offer(viewer, answer, engine, now) if query.page == 1 else "",
        looked_for=_looked_for(answer.query),
        rejected=len(rejected),
        took_ms=round((time.perf_counter() - began) * 1000),
        at=now,
    )


def _with_parts(found: Found, parts: Sequence[containers.Part]) -> Found:
    """The counts as they are shown: a container holds what its parts hold."""
    counts, names = containers.folded(found.facets.get("space", {}), found.names, parts)
    return replace(found, facets=found.facets | {"space": counts}, names=names)


def _pinned(viewer: Viewer, query: SearchQuery, keys: Sequence[tuple[str, int]]) -> list[Result]:
    """What staff put first for this search, as far as this viewer may see it. Rank 0 in the log of clicks."""
    cards = authorised_cards(viewer, keys)
    return [_pinned_result(cards[key], query.words) for key in keys if key in cards]


def _pinned_result(card: Card, words: list[str]) -> Result:
    source = source_for(card.kind)
    lead = highlight.marked(Truncator(card.lead).chars(LEAD), words)
    return Result(
        card=card, rank=0, score=0.0, label=str(source.label) if source else card.kind,
        title_html=highlight.marked(card.title, words), excerpt_html=lead, lead_html=lead, is_pinned=True,
    )


def ask(
    query: SearchQuery,
    audience: frozenset[str],
    *,
    kinds: Sequence[str],
    now: datetime,
    engine: Engine | None = None,
    window: int = 0,
    shape: Shape | None = None,
) -> Answer:
    """Ask the engine (or the database when it is away) and fuse. Also what `search_evaluate` measures.

    `shape` is what staff made of searches, as it is now by default.
    """
    shape = shape or shaping.current()
    chosen = engine or primary()
    # A page can be of one kind alone; the lifts of fusion move a hit by a few places.
    window = max(window, query.page * PAGE_SIZE + 2 * OVER_FETCH)
    if engine is None and chosen is not fallback() and outbox.is_behind(chosen.name):
        return _by_the_database(query, audience, kinds, now, window, shape)
    try:
        return _ask_one(chosen, query, audience, kinds, now, window, shape)
    except EngineAway as error:
        if chosen is fallback():
            raise
        logger.warning("Search is answered by the database: %s", error)
        return _by_the_database(query, audience, kinds, now, window, shape)


def _by_the_database(
    query: SearchQuery, audience: frozenset[str], kinds: Sequence[str], now: datetime, window: int, shape: Shape
) -> Answer:
    """The answer of the engine that is always there, which says so."""
    answer = _ask_one(fallback(), query, audience, kinds, now, window, shape)
    answer.degraded = True
    return answer


def _ask_one(
    engine: Engine, query: SearchQuery, audience: frozenset[str], kinds: Sequence[str], now: datetime, window: int,
    shape: Shape,
) -> Answer:
    query = compounds.expanded(shape.applied(_telling(engine, query, audience, kinds)), audience)
    found = _found(engine, query, audience, kinds, window)
    forgiven = _forgiven(engine, query, found, audience, kinds)
    if forgiven != query:
        query, found = forgiven, _found(engine, forgiven, audience, kinds, window)
    lacking = [t.text for t, count in zip(query.terms, found.terms, strict=False) if not count and not t.meant]
    is_loose = False
    if not found.total and query.can_loosen:
        loosened = query.loosened()
        loose = _found(engine, loosened, audience, kinds, window)
        if loose.total:
            query, found, is_loose = loosened, loose, True
    # What is only near is no answer to “the newest that says …”.
    near = _by_meaning(engine, query, audience, kinds) if query.sort == "relevance" else Near()
    hits = [hit for kind in near.hits.values() for hit in kind]
    facets.count_more(found, query, [hit for hit in hits if hit.key not in near.holding])
    chosen: dict[str, list[Hit]] = {}
    for hit in hits:
        if facets.is_chosen(hit, query):
            chosen.setdefault(hit.kind, []).append(hit)
    order = fusion.fused(found.hits, query, now=now, near=chosen)
    return Answer(
        query=query, found=found, order=order, engine=engine.name, is_loose=is_loose, near=chosen,
        degraded=bool(found.lacking), lacking=tuple(lacking),
    )


def _telling(engine: Engine, query: SearchQuery, audience: frozenset[str], kinds: Sequence[str]) -> SearchQuery:
    """The query with those of a long text's words that tell most, by what this viewer may see and nothing else."""
    if not query.more:
        return query
    words = telling.counted(query)
    held = engine.held(words, audience, kinds=kinds)
    return telling.chosen(query, dict(zip((word.text for word in words), held, strict=True)))


def _found(
    engine: Engine, query: SearchQuery, audience: frozenset[str], kinds: Sequence[str], window: int
) -> Found:
    """What the engine finds; of the kinds that it has no index of (not made yet, or lost), what the database finds."""
    found = engine.search(query, audience, kinds=kinds, window=window)
    if found.lacking and engine is not fallback():
        found.add(fallback().search(query, audience, kinds=found.lacking, window=window))
    return found


def _by_meaning(engine: Engine, query: SearchQuery, audience: frozenset[str], kinds: Sequence[str]) -> Near:
    """What is close in meaning, where there is a model; trouble with it leaves the words."""
    vector = asking.vector_of(query)
    if vector is None:
        return Near()
    embedded = [kind for kind in kinds if (source := source_for(kind)) is None or not source.is_name]
    try:
        return engine.near(query, vector, audience, kinds=embedded, limit=MOST_NEAR)
    except EngineAway as error:
        logger.warning("Search goes by words alone: %s", error)
        return Near()


def _forgiven(
    engine: Engine, query: SearchQuery, found: Found, audience: frozenset[str], kinds: Sequence[str]
) -> SearchQuery:
    """The query with slips read as title words, for words that nothing this viewer may see holds.

    Only words that the viewer could find anyway are taken, so neither the results nor the page tell of hidden titles.
    """
    lacking = {term.text for term, count in zip(query.terms, found.terms, strict=False) if not count}
    near = {word: _near(word) for word in sorted(lacking)}
    candidates = tuple(Term(word, (word,)) for words in near.values() for word in words)
    if not candidates:
        return query
    seen = _found(engine, SearchQuery(terms=candidates), audience, kinds, 1)
    visible = {term.text for term, count in zip(candidates, seen.terms, strict=True) if count}
    return with_meant(
        query, [tuple(word for word in near.get(term.text, ()) if word in visible)[:3] for term in query.terms]
    )


def _near(word: str) -> list[str]:
    """Words of titles that are one slip away; short words and codes are taken as typed."""
    if len(word) < 4 or not word.isalpha():
        return []
    near = TitleWord.around(word, 1).order_by("word").values_list("word", flat=True)
    return [known for known in near if analysis.is_one_slip(word, known)][:10]


def _meant_text(query: SearchQuery, shown: Sequence[Result]) -> str:
    """How the words were read, where a slip was forgiven into what something on this page says: the index may still
    hold what was removed a moment ago."""
    if not any(term.meant for term in query.terms):
        return ""
    said = {analysis.stem(word) for item in shown for text in (item.card.title, *item.texts)
            for word in analysis.plain_words(text)}
    meant = [[word for word in term.meant if analysis.stem(word) in said] for term in query.terms]
    if not any(meant):
        return ""
    return " ".join(" / ".join(words) or term.text for words, term in zip(meant, query.terms, strict=True))


def _offer(viewer: Viewer, answer: Answer, engine: Engine | None, now: datetime) -> str:
    """The query with words that nothing holds read as near ones, if something that this viewer may see says those."""
    near = {word: words for word in answer.lacking if (words := vocabulary.near(word))}
    terms = tuple(Term(word, (word,)) for words in near.values() for word in words)
    if not terms:
        return ""
    seen = ask(SearchQuery(terms=terms), viewer.tokens, kinds=[s.kind for s in sources()], engine=engine, now=now)
    page, _refused = _authorised(viewer, seen.order, start=0, size=PAGE_SIZE)
    texts = _texts(hit.key for hit, _card in page)
    said = {word for hit, card in page for text in (card.title, *texts.get(hit.key, ()))
            for word in analysis.plain_words(text)}
    instead = {typed: first for typed, words in near.items() if (first := next((w for w in words if w in said), ""))}
    return vocabulary.rewritten(answer.query.text, instead) if instead else ""


def _looked_for(query: SearchQuery) -> tuple[str, ...]:
    """The words of a long text that were looked for, as it writes them, where others were left out."""
    return telling.as_typed(query.text, (term.text for term in query.terms)) if query.left_out else ()


def authorised_cards(viewer: Viewer, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Card]:
    """The cards of those that the viewer may see, each kind in its own one or two queries."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in keys:
        by_kind.setdefault(kind, []).append(pk)
    cards = {}
    for kind, ids in by_kind.items():
        source = source_for(kind)
        if source is not None:
            cards |= {(kind, pk): card for pk, card in source.cards(ids, viewer).items()}
    return cards


def _authorised(
    viewer: Viewer, order: Sequence[Hit], *, start: int, size: int
) -> tuple[list[tuple[Hit, Card]], list[Hit]]:
    """A full page where it can be: refused hits are left out and later ones move up."""
    page: list[tuple[Hit, Card]] = []
    refused: list[Hit] = []
    position = start
    while len(page) < size and position < len(order):
        batch = order[position : position + size - len(page) + (OVER_FETCH if refused else 0)]
        cards = authorised_cards(viewer, (hit.key for hit in batch))
        for hit in batch:
            if hit.key in cards and len(page) < size:
                page.append((hit, cards[hit.key]))
            elif hit.key not in cards:
                refused.append(hit)
        position += len(batch)
    return page, refused


def _shown(page: Sequence[tuple[Hit, Card]], query: SearchQuery, *, start: int) -> list[Result]:
    texts = _texts(hit.key for hit, _card in page)
    words = query.words
    shown = []
    for place, (hit, card) in enumerate(page):
        source = source_for(hit.kind)
        label = str(source.label) if source else hit.kind
        parts = texts.get(hit.key, [card.lead] if card.lead else [])
        is_best = start + place == 0 and bool(card.lead) and _is_clear(hit, query)
        shown.append(
            Result(
                card=card, rank=start + place + 1, score=hit.score, label=label,
                title_html=highlight.marked(card.title, words, hit.language),
                excerpt_html=highlight.excerpt(parts, words, language=hit.language),
                lead_html=highlight.marked(Truncator(card.lead).chars(LEAD) if is_best else "", words, hit.language),
                created_at=hit.created_at, is_best=is_best, texts=tuple(parts), language=hit.language,
            )
        )
    return shown


def _is_clear(hit: Hit, query: SearchQuery) -> bool:
    """Whether the first hit is lifted above the others: it holds nearly all that was asked."""
    return query.sort == "relevance" and query.has_words and hit.cover >= 0.75 * len(query.terms)


def _texts(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[str]]:
    """The indexed texts behind excerpts. What is marked as changed is left out: a removed post must not be quoted."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in keys:
        by_kind.setdefault(kind, []).append(pk)
    texts: dict[tuple[str, int], list[str]] = {}
    for kind, ids in by_kind.items():
        for at in range(0, len(ids), PAGE_SIZE):
            wanted = numbered("id", ids[at : at + PAGE_SIZE], PAGE_SIZE)
            for pk, *parts in asked("search.texts", _text_rows, ANONYMOUS, kind=kind, **wanted):
                texts[kind, pk] = parts
    return texts


def _text_rows(viewer: Viewer, kind: str, **ids: int) -> QuerySet:
    marks = DirtyMark.objects.filter(engine="database", kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    rows = Entry.objects.filter(~Exists(marks), kind=kind, object_id__in=list(ids.values()), is_deleted=False)
    return rows.values_list("object_id", "summary", "body", "solution", "replies")
