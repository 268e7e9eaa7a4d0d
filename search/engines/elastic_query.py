"""From a SearchQuery to Elasticsearch's own terms: pure functions, no client. No query_string, scripts or regexp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Bool, DisMax, MultiMatch, Query, Range, Terms
from elasticsearch.dsl.query import Term as TermIs

from search import mapping
from search.analysis import STOP_WORDS
from search.engines.base import Form, Said
from search.query import FACETS, SearchQuery, Term, since
from search.relevance import DEFAULT, Relevance

WEIGHTS: Final = {
    "title": 3.0, "keywords": 4.0, "tag_words": 1.0, "summary": 1.0, "body": 2.0, "solution": 1.0, "replies": 1.5
}
TIE: Final = 0.5  # what a word's other fields add to its strongest one
SETTINGS: Final = {"tag_words": "tags"}  # a field's name among the settings of relevance, where it is another
MEANT_BOOST: Final = 0.5
SLIP_FIELDS: Final = ["title.exact^3", "keywords.exact^3"]
COLUMNS: Final = {
    "kind": "kind", "state": "state", "space": "container", "product": "products", "tag": "tags", "author": "author",
    "language": "language",
}
# What ordering and counting need of a hit, read from columns: its source, a whole thread of text, is never unpacked.
HIT_COLUMNS: Final[dict[str, Any]] = {
    "_source": False, "stored_fields": "_none_",
    "docvalue_fields": [
        "object_id", "title.whole", "container", "state", "tags", "products", "author", "language", "created_at",
        "updated_at", "helpful", "is_official",
    ],
}
SHARD_SECONDS: Final = "1800ms"
MOST_VALUES: Final = 60  # of a facet; nobody is shown more


@lru_cache(maxsize=100)
def fields(relevance: Relevance, *, exact: bool = False) -> list[str]:
    """Where words are looked for, each place with its weight."""
    end = ".exact" if exact else ""
    return [
        f"{name}{end}^{weight * getattr(relevance, SETTINGS.get(name, name)):.4g}" for name, weight in WEIGHTS.items()
    ]


@lru_cache(maxsize=400)
def own_fields(relevance: Relevance, code: str) -> list[str]:
    """The same places as they are read by the rules of one language, for documents in it."""
    return [f"{code}.{name}^{WEIGHTS[name] * getattr(relevance, name):.4g}" for name in mapping.OWN_PLACES]


def term_query(term: Term, name: str, query: SearchQuery) -> Query:
    """One word: in whichever field it is strongest, the others adding a little. A joined word is taken as written.

    `name` comes back with each hit that holds it.
    """
    relevance = query.relevance
    if len(term.parts) > 1:
        asked: Query = MultiMatch(
            query=" ".join(term.parts), fields=fields(relevance, exact=True), type="phrase", tie_breaker=TIE,
            _name=name,
        )
    else:
        places = fields(relevance, exact=term.text in STOP_WORDS)
        asked = MultiMatch(query=term.parts[0], fields=places, type="best_fields", tie_breaker=TIE, _name=name)
    others: list[Query] = [
        MultiMatch(query=word, fields=SLIP_FIELDS, type="best_fields", boost=MEANT_BOOST) for word in term.meant
    ]
    others += [_also_query(words, fields(relevance), relevance) for words in term.also]
    for code in query.read_as:
        own = own_fields(relevance, code)
        others += [_also_query(words, own, relevance) for words in term.also]
        if len(term.parts) == 1:
            others.append(MultiMatch(query=term.parts[0], fields=own, type="best_fields", tie_breaker=TIE))
    if not others:
        return asked
    return DisMax(queries=[asked, *others], _name=name)


def _also_query(words: str, places: list[str], relevance: Relevance) -> Query:
    """A synonym. Words beside each other count as rare as all of them together; here they stand for one word."""
    boost = relevance.synonym / len(words.split())
    return MultiMatch(query=words, fields=places, type="phrase", tie_breaker=TIE, boost=boost)


def phrase_query(phrase: str, relevance: Relevance = DEFAULT) -> Query:
    return MultiMatch(query=phrase, fields=fields(relevance, exact=True), type="phrase", tie_breaker=TIE)


def matching(query: SearchQuery, audience: Sequence[str]) -> Query:
    """Words, phrases, exclusions and what is not a facet, always within the audience."""
    filters: list[Query] = [Terms(audience=list(audience))]
    if query.after:
        filters.append(Range(created_at={"gte": query.after.isoformat()}))
    if query.before:
        filters.append(Range(created_at={"lt": (query.before + timedelta(days=1)).isoformat()}))
    named: dict[str, Any] = {
        "must": [phrase_query(phrase, query.relevance) for phrase in query.phrases],
        "must_not": [phrase_query(phrase) for phrase in query.excluded],
        "filter": filters,
    }
    if query.terms:
        named["should"] = [term_query(term, str(number), query) for number, term in enumerate(query.terms)]
        named["minimum_should_match"] = query.need
    return Bool(**named)


def chosen(query: SearchQuery, *, but: str = "") -> list[Query]:
    """The ticked filters, perhaps without one dimension."""
    return [holds(name, query.chosen(name)) for name in FACETS if name != but and query.chosen(name)]


def holds(facet: str, values: Sequence[str]) -> Query:
    """Documents with any of the values of a facet."""
    if facet == "date":
        return Range(created_at={"gte": since(values[0]).isoformat()})
    if facet == "author":  # usernames are the same in any case
        each = [TermIs(author={"value": value, "case_insensitive": True}) for value in values]
        return Bool(should=each, minimum_should_match=1)
    return Q("terms", **{COLUMNS[facet]: list(values)})


def near_search(
    query: SearchQuery, vector: Sequence[float], audience: Sequence[str], *, size: int
) -> dict[str, Any]:
    """The closest of one kind: by the best of each document's passages, within the audience and what is no facet."""
    within = matching(replace(query, terms=()), audience)
    return {
        "knn": {
            "field": "passages.vector", "query_vector": list(vector), "k": size, "num_candidates": 4 * size,
            "filter": within.to_dict(),
        },
        "size": size, "track_total_hits": False, "timeout": "1500ms", **HIT_COLUMNS,
    }


def holding_search(query: SearchQuery, audience: Sequence[str], ids: Sequence[int]) -> dict[str, Any]:
    """Which of the ids of one kind the words find."""
    asked = Search().query(Bool(filter=[Q("terms", object_id=list(ids)), matching(query, audience)]))
    body: dict[str, Any] = asked.source(["object_id"]).extra(size=len(ids), track_total_hits=False).to_dict()
    return body


def terms_search(query: SearchQuery, audience: Sequence[str], numbers: Sequence[int]) -> Search:
    """How many documents that the audience may see hold each of these words, named by their place in the query."""
    asked = Search().query(Bool(filter=[Terms(audience=list(audience))])).extra(size=0, track_total_hits=False)
    filters = {str(number): term_query(query.terms[number], str(number), query).to_dict() for number in numbers}
    asked.aggs.bucket("terms", "filters", filters=filters)
    return asked


def places_search(query: SearchQuery, forms: Sequence[Form], object_id: int) -> dict[str, Any]:
    """What one document says: every form in every place by itself, named `number place field`."""
    named = [
        _place_query(form, place, f"{number} {_plain(place)} {place}", query.relevance)
        for number, form in enumerate(forms) for place in _places(form, query)
    ]
    asked = Search().query(Bool(filter=[TermIs(object_id=object_id)], should=named))
    body: dict[str, Any] = asked.source(["object_id"]).extra(size=1, track_total_hits=False).to_dict()
    return body


def _plain(place: str) -> str:
    """`de.title^3` and `title.exact^3` are both in the title."""
    return place.partition("^")[0].removesuffix(".exact").rpartition(".")[2]


def _places(form: Form, query: SearchQuery) -> list[str]:
    if form.role == "slip":
        return SLIP_FIELDS
    is_exact = form.role == "phrase" or (form.role == "word" and (" " in form.words or form.words in STOP_WORDS))
    own = [place for code in query.read_as for place in own_fields(query.relevance, code)] if not is_exact else []
    return [*fields(query.relevance, exact=is_exact), *own]


def _place_query(form: Form, place: str, name: str, relevance: Relevance) -> Query:
    boost = {"slip": MEANT_BOOST, "synonym": relevance.synonym / len(form.words.split())}.get(form.role, 1.0)
    return MultiMatch(query=form.words, fields=[place], type="phrase", boost=boost, _name=name)


def said(forms: Sequence[Form], points: Mapping[str, float]) -> list[Said]:
    """The named scores by form: the strongest place, and a share of the others."""
    found = []
    for number, form in enumerate(forms):
        places: dict[str, float] = {}
        for name, value in points.items():
            if name.split()[0] == str(number):
                places[name.split()[1]] = max(value, places.get(name.split()[1], 0.0))
        best = max(places.values(), default=0.0)
        total = best + TIE * (sum(places.values()) - best)
        if places:
            strongest = sorted(places, key=lambda place: -places[place])
            found.append(Said(form, tuple((place, places[place]) for place in strongest), total))
    return found


def _named(field: str, **said: Any) -> dict[str, Any]:
    return {field: said}


def begun_search(words: Sequence[str], audience: Sequence[str], *, size: int) -> Search:
    """Titles and names that hold all words, the last one perhaps unfinished."""
    must: list[Query] = [
        MultiMatch(query=word, fields=["title.exact^2", "title", "keywords.exact"]) for word in words[:-1]
    ]
    last = Bool(
        should=[
            Q("match", **_named("title.begun", query=words[-1][:15])),
            Q("match", **_named("title.exact", query=words[-1], boost=2)),
            Q("match_phrase_prefix", **_named("keywords.exact", query=words[-1])),
        ],
        minimum_should_match=1,
    )
    asked = Search().query(Bool(must=[*must, last], filter=[Terms(audience=list(audience))]))
    order: list[Any] = ["_score", {"helpful": "desc"}, {"object_id": "asc"}]
    return asked.sort(*order).extra(
        size=size, track_total_hits=False, timeout="1500ms", **HIT_COLUMNS
    )
