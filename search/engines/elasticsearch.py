"""The Elasticsearch engine: an index a kind behind aliases, writes with external versions, a breaker before every call.

`<prefix>-<kind>` answers searches; every index of a kind that has its own `<index>-write` alias is written to, so a
rebuild fills a new one while both stay current.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils import timezone
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError

from search import analysis, languages, mapping
from search.engines import elastic_bulk, elastic_query
from search.engines.base import Batches, Engine, EngineAway, Form, Found, Hit, Near, Said, Written
from search.engines.breaker import Breaker
from search.engines.connection import connect
from search.engines.elastic_answers import Unsure, counted, held_in, hits_of, near_of, recounted
from search.engines.elastic_ways import Ways, exact_search
from search.query import SearchQuery, Term
from search.semantic import store
from search.semantic.embedders import Vector, embedder
from search.sources import Document

logger = logging.getLogger("threadwell.search")
WRITE_SECONDS: Final = 30.0
SHARD_WAIT: Final = "5s"  # for a shard that is missing; the worker has other things to do
PAGE: Final = 2_000


class ElasticsearchEngine(Engine):
    name = "elasticsearch"

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.breaker = Breaker()
        self._signatures: dict[str, str] = {}
        self._fields: dict[str, frozenset[str]] = {}
        self._ways = Ways(self._searched)
        self._client = connect()
        self._slow = self._client.options(request_timeout=WRITE_SECONDS)

    # Asking

    def search(self, query: SearchQuery, audience: frozenset[str], *, kinds: Sequence[str], window: int) -> Found:
        tokens = sorted(audience)
        query = replace(query, read_as=languages.own_held())
        wanted = [kind for kind in kinds if not query.kinds or kind in query.kinds]
        answers = self._ways.told(query, tokens, kinds, wanted, window)

        found = Found(lacking=tuple(kind for kind in kinds if kind not in answers))
        found.hits = {kind: hits_of(kind, answers[kind]) if kind in answers else [] for kind in wanted}
        found.total = sum(said["hits"]["total"]["value"] for said in answers.values())
        self._recount(found, query, tokens, counted(found, answers, query))
        found.terms = self._held(query, tokens, kinds, set().union(*map(held_in, answers.values())))
        return found

    def _searched(self, asked: Sequence[tuple[str, Any]]) -> list[dict[str, Any]]:
        """The answers to these bodies, each within its kind."""
        return self._msearch([part for kind, body in asked for part in (self._within(kind), body)])

    def _recount(self, found: Found, query: SearchQuery, tokens: Sequence[str], unsure: Unsure) -> None:
        """Ask again for the counts that may be too low."""
        asked = [(kind, exact_search(query, tokens, values)) for kind, values in unsure.items()]
        for (kind, _body), said in zip(asked, self._searched(asked) if asked else (), strict=True):
            recounted(found, said["aggregations"], unsure[kind])
        for name, counts in found.facets.items():
            found.facets[name] = {value: count for value, count in counts.items() if count}

    def _held(self, query: SearchQuery, tokens: Sequence[str], kinds: Sequence[str], held: set[str]) -> list[int]:
        """For each word at least how many documents hold it: one for what a hit holds, and only the rest is asked."""
        numbers = [number for number in range(len(query.terms)) if str(number) not in held]
        counts = [1] * len(query.terms)
        if numbers:
            asked = elastic_query.terms_search(query, tokens, numbers).to_dict()
            said = self._msearch([self._within(*kinds), asked])[0]
            buckets = said["aggregations"]["terms"]["buckets"] if said["_shards"]["total"] else {}
            for number in numbers:
                counts[number] = buckets[str(number)]["doc_count"] if buckets else 0
        return counts

    def held(self, terms: Sequence[Term], audience: frozenset[str], *, kinds: Sequence[str]) -> list[int]:
        query = SearchQuery(terms=tuple(terms), read_as=languages.own_held())
        return self._held(query, sorted(audience), kinds, set())

    def near(
        self, query: SearchQuery, vector: Sequence[float], audience: frozenset[str], *, kinds: Sequence[str], limit: int
    ) -> Near:
        tokens = sorted(audience)
        query = replace(query, read_as=languages.own_held())
        body = elastic_query.near_search(query, vector, tokens, size=limit)
        searches: list[dict[str, Any]] = []
        for kind in kinds:
            searches += [self._within(kind), body]
        near = Near({kind: near_of(kind, said) for kind, said in zip(kinds, self._msearch(searches), strict=True)})
        found = {kind: [hit.id for hit in hits] for kind, hits in near.hits.items() if hits}
        searches = []
        for kind, ids in found.items():
            searches += [self._within(kind), elastic_query.holding_search(query, tokens, ids)]
        if query.has_words and searches:
            for kind, said in zip(found, self._msearch(searches), strict=True):
                near.holding |= {(kind, row["_source"]["object_id"]) for row in said["hits"]["hits"]}
        return near

    def explain(self, query: SearchQuery, forms: Sequence[Form], kind: str, object_id: int) -> list[Said]:
        asked = elastic_query.places_search(replace(query, read_as=languages.own_held()), forms, object_id)
        answer = self._call(lambda: self._client.search(
            index=self._alias(kind), include_named_queries_score=True, **_named(asked)
        ))
        points: dict[str, float] = next((row.get("matched_queries", {}) for row in answer["hits"]["hits"]), {})
        return elastic_query.said(forms, points)

    def complete(self, text: str, audience: frozenset[str], *, kinds: Sequence[str], limit: int) -> list[Hit]:
        words = analysis.plain_words(text)[:10]
        if not words or not kinds:
            return []
        words = [*(word for word in words[:-1] if word not in analysis.STOP_WORDS), words[-1]]
        body = elastic_query.begun_search(words, sorted(audience), size=limit).to_dict()
        searches: list[dict[str, Any]] = []
        for kind in kinds:
            searches += [self._within(kind), body]
        answers = self._msearch(searches)
        hits = [hit for kind, answer in zip(kinds, answers, strict=True) for hit in hits_of(kind, answer)]
        return sorted(hits, key=lambda hit: -hit.score)

    # Writing

    def missing(self, kinds: Sequence[str]) -> list[str]:
        return [kind for kind in kinds if not self._current(kind)]

    def create(self, kind: str) -> None:
        self._create(kind)

    def publish(self, kinds: Sequence[str]) -> None:
        for kind in kinds:
            ready = self._current(kind)
            if not ready or ready[-1] in self._reading(kind):
                continue
            gone = {name for name in self._targets(kind) if self._signature(name) != mapping.signature()}
            gone |= {*self._reading(kind), *self._squatter(kind)}
            try:
                self._publish(ready[-1], kind, instead_of=sorted(gone))
            except NotFoundError:
                continue  # another worker did the same a moment before, and what stood there is gone

    def write(self, kind: str, documents: Sequence[Document], gone: Iterable[int], *, version: int) -> Written:
        targets = self._targets(kind)
        if not targets:
            raise EngineAway(f"There is no index for {kind}.")
        gone = list(gone)
        written = Written()
        for target in targets:
            one = self._bulk(f"{target}-write", kind, documents, gone, version)
            written.refused |= one.refused
            written.later |= one.later
        return written

    def digests(self, kind: str) -> Iterator[tuple[int, str]]:
        self.refresh()
        after: list[Any] | None = None
        while True:
            body: dict[str, Any] = {"size": PAGE, "sort": [{"object_id": "asc"}], "_source": ["object_id", "digest"]}
            if after:
                body["search_after"] = after
            try:
                answer = self._call(lambda body=body: self._slow.search(index=self._alias(kind), **_named(body)))
            except NotFoundError:
                return  # the worker has not made it yet: it holds nothing
            rows = answer["hits"]["hits"]
            if not rows:
                return
            yield from ((row["_source"]["object_id"], row["_source"]["digest"]) for row in rows)
            after = rows[-1]["sort"]

    def refresh(self, kinds: Sequence[str] = ()) -> None:
        names = [f"{self._alias(kind)}-2*" for kind in kinds] or [f"{self.prefix}-*"]
        self._call(lambda: self._slow.indices.refresh(index=names, allow_no_indices=True))

    def open_rebuild(self, kind: str) -> str:
        for name in self._targets(kind):
            if name not in self._reading(kind) and self._aliases(f"{name}-building"):
                self._drop(name)  # left behind by a rebuild that was ended
        return self._create(kind, building=True)

    def fill_rebuild(self, handle: str, kind: str, batches: Batches) -> Iterator[Written]:
        target = f"{handle}-write"
        bodies = (self._bodies(handle, kind, documents, [], version) for version, documents in batches)
        return elastic_bulk.sent_together(lambda body: self._send(target, body), bodies)

    def close_rebuild(self, handle: str, kind: str) -> int:
        self._call(lambda: self._slow.indices.put_settings(index=handle, settings=mapping.ANSWERING))
        actions: list[dict[str, Any]] = [
            {"remove_index": {"index": name}} for name in self._targets(kind) if name != handle
        ]
        actions += [
            {"add": {"index": handle, "alias": self._alias(kind)}},
            {"remove": {"index": handle, "alias": f"{handle}-building", "must_exist": False}},
        ]
        self._call(lambda: self._slow.indices.refresh(index=handle))
        self._call(lambda: self._slow.indices.update_aliases(actions=actions))
        self._pack(handle)
        return int(self._call(lambda: self._slow.count(index=handle))["count"])

    def clear(self, kind: str) -> None:
        for name in {*self._targets(kind), *self._reading(kind)}:
            self._drop(name)

    # Inside

    def _alias(self, kind: str) -> str:
        return f"{self.prefix}-{kind}"

    def _within(self, *kinds: str) -> dict[str, Any]:
        """The head of a search in some kinds. One that has no index is passed over, not refused."""
        return {"index": ",".join(map(self._alias, kinds)), "ignore_unavailable": True}

    def _create(self, kind: str, *, building: bool = False) -> str:
        name = f"{self._alias(kind)}-{timezone.now():%Y%m%d%H%M%S%f}"
        made = mapping.index(name)
        if building:
            made.settings(**mapping.BUILDING)
        made.aliases(**{f"{name}-write": {}, **({f"{name}-building": {}} if building else {})})
        self._call(lambda: self._slow.indices.create(index=name, **_named(made.to_dict())))
        return name

    def _publish(self, name: str, kind: str, *, instead_of: Sequence[str]) -> None:
        actions: list[dict[str, Any]] = [{"remove_index": {"index": old}} for old in instead_of]
        actions.append({"add": {"index": name, "alias": self._alias(kind)}})
        self._call(lambda: self._slow.indices.update_aliases(actions=actions))
        self._pack(name)

    def _pack(self, name: str) -> None:
        """Let Elasticsearch make one piece of the many that filling left, in its own time: asking then costs half."""
        slow = self._slow.indices
        self._call(lambda: slow.forcemerge(index=name, max_num_segments=1, wait_for_completion=False))

    def _squatter(self, kind: str) -> set[str]:
        """An index that somebody made under the name of our alias, which keeps the alias away."""
        alias = self._alias(kind)
        is_index = self._call(lambda: self._slow.indices.exists(index=alias)) and not self._reading(kind)
        return {alias} if is_index else set()

    def _signature(self, name: str) -> str:
        """The mapping that an index was made with, asked once."""
        if name not in self._signatures:
            said = self._call(lambda: self._slow.indices.get_mapping(index=name)).body
            made = next(iter(said.values()))["mappings"]
            fields = made.get("properties", {})
            version = str(made.get("_meta", {}).get("version", ""))
            is_ours = mapping.types(made).items() >= mapping.types(mapping.mapping().to_dict()).items()
            self._signatures[name] = version if is_ours or version != mapping.signature() else f"{version}, but changed"
            self._fields[name] = frozenset(fields)
        return self._signatures[name]

    def _current(self, kind: str) -> list[str]:
        """The indices of a kind that are as this program makes them, but for those that a rebuild is filling."""
        named = [name for name in self._targets(kind) if self._signature(name) == mapping.signature()]
        return [name for name in named if not self._aliases(f"{name}-building")]

    def _drop(self, name: str) -> None:
        self._call(lambda: self._slow.indices.delete(index=name, ignore_unavailable=True))

    def _aliases(self, pattern: str) -> list[str]:
        """The indices behind an alias or a pattern of aliases, oldest first."""
        try:
            answer = self._call(lambda: self._slow.indices.get_alias(name=pattern))
        except NotFoundError:
            return []
        return sorted(answer.body)

    def _targets(self, kind: str) -> list[str]:
        return self._aliases(f"{self._alias(kind)}-2*-write")

    def _reading(self, kind: str) -> list[str]:
        return self._aliases(self._alias(kind))

    def _call(self, call: Callable[[], Any]) -> Any:
        """Run a client call behind the breaker. Raises EngineAway for all that is the cluster's state, not ours."""
        if not self.breaker.allows():
            raise EngineAway("Elasticsearch did not answer; it is tried again in a few seconds.")
        try:
            answer = call()
        except TransportError as error:
            self.breaker.failed()
            raise EngineAway(f"Elasticsearch does not answer: {error}") from error
        except NotFoundError:
            self.breaker.succeeded()
            raise
        except ApiError as error:
            if error.status_code in {429, 500, 502, 503, 504}:
                self.breaker.failed()
            raise EngineAway(f"Elasticsearch refuses ({error.status_code}): {str(error)[:300]}") from error
        self.breaker.succeeded()
        return answer

    def _msearch(self, searches: list[Any]) -> list[dict[str, Any]]:
        answers = self._call(lambda: self._client.msearch(searches=searches))["responses"]
        for answer in answers:
            if "error" in answer or answer.get("timed_out") or answer.get("_shards", {}).get("failed"):
                reason = answer.get("error") or {"reason": "timed out or lost a shard"}
                raise EngineAway(f"Elasticsearch cannot search: {json.dumps(reason)[:300]}")
        return list(answers)

    def _bulk(
        self, target: str, kind: str, documents: Sequence[Document], gone: Sequence[int], version: int
    ) -> Written:
        bodies = self._bodies(target.removesuffix("-write"), kind, documents, gone, version)
        return elastic_bulk.added(self._send(target, body) for body in bodies)

    def _bodies(
        self, name: str, kind: str, documents: Sequence[Document], gone: Sequence[int], version: int
    ) -> Iterator[bytes]:
        self._signature(name)
        known, vectors = self._fields[name], self._vectors(name, kind, documents)
        return elastic_bulk.bodies(elastic_bulk.lines(kind, documents, gone, version, vectors, known))

    def _vectors(self, target: str, kind: str, documents: Sequence[Document]) -> dict[int, list[Vector]]:
        """The vectors that are there, for an index that has a place for them."""
        maker = embedder()
        if maker is None or self._signature(target) != mapping.signature():
            return {}
        return store.stored(maker, kind, [document.id for document in documents])

    def _send(self, target: str, body: bytes) -> Written:
        bulk: Any = self._slow.bulk  # takes ready bytes too, which its type does not say
        answer = self._call(lambda: bulk(operations=body, index=target, require_alias=True, timeout=SHARD_WAIT))
        return elastic_bulk.read(answer)


def _named(body: dict[str, Any]) -> dict[str, Any]:
    """A body as the client's keyword arguments."""
    return {("source" if key == "_source" else key): value for key, value in body.items()}
