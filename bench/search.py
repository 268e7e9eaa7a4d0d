"""Search by itself: invented documents through the product's own mapping, writing and asking; no pages, no worker.

Audiences, tags, spaces, authors and dates are as mixed as a community's; texts are `words.Writer`'s. A query is asked
as `services.search` asks it (hits of each kind, all facets, fusion), then its twenty excerpts are cut from texts at
hand.
"""

from __future__ import annotations

import time
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, Final

import numpy as np

from bench.words import Writer

KINDS: Final = {"bench-topic": 80, "bench-article": 10, "bench-idea": 6, "bench-wiki": 4}  # percent
START: Final = datetime(2021, 1, 1, tzinfo=UTC)
WARM: Final = 20
SAMPLE: Final = 4_000
REAL_AT: Final = (0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
REAL: Final = (0.002, 0.031, 0.103, 0.244, 0.617, 0.722, 0.722)


class Corpus:
    """Documents by number: the same number is the same document, so that none has to be kept."""

    def __init__(self) -> None:
        self.writer = Writer(7)
        self.kinds = [kind for kind, share in KINDS.items() for _ in range(share)]

    def kind(self, number: int) -> str:
        return self.kinds[number % 100]

    def document(self, number: int) -> Any:
        from search.sources import Document

        self.writer.random.seed(number)
        pick = self.writer.random.randrange
        at = START + timedelta(minutes=pick(3_000_000))
        space = pick(30)
        return Document(
            id=number, title=self.writer.title(), body=" ".join(self.writer.some(80)),
            replies=" ".join(self.writer.some(160)), audience=("public",) if pick(5) else (f"space:{space}",),
            tags=tuple({f"tag{pick(60)}" for _ in range(pick(4))}), container=f"space-{space}",
            container_name=f"Space {space}", state=("open", "answered", "solved")[pick(3)],
            author=f"person{pick(5_000)}", created_at=at, updated_at=at, helpful=pick(30),
        )

    def batches(self, kind: str, count: int, size: int) -> Iterator[tuple[int, list[Any]]]:
        """Documents as `search_rebuild` reads them, each batch with its version."""
        from search import clock

        numbers = (number for number in range(1, count + 1) if self.kind(number) == kind)
        while batch := list(islice(numbers, size)):
            yield clock.tick(), [self.document(number) for number in batch]


def run(name: str, *, documents: int, queries: int) -> None:
    """Fill, ask, complete; print what each took. Drops what it filled."""
    from bench import cpu
    from config.operation import process
    from search.engines import engine

    process.settle()
    target, corpus, before, pace = engine(name), Corpus(), cpu.load(), cpu.pace()
    print(f"{name}, {documents:,} documents; load {before:.1f}, pace {pace:.0f} ms", flush=True)
    try:
        written = fill(target, corpus, documents)
        print(f"  written: {written:,.0f} documents/s, with the time to invent them", flush=True)
        print(f"  put in order beside, in another {settle(target):.0f} s", flush=True)
        for called, texts in {"of this vocabulary": drawn(corpus), "as common as real ones": real(corpus)}.items():
            asked = ask(target, corpus, islice(texts, queries + WARM))
            print(f"  a query with facets and excerpts, words {called}, one client: {quantiles(asked)}", flush=True)
        print(f"  as you type, one client: {quantiles(complete(target, corpus, queries))}", flush=True)
    finally:
        for kind in KINDS:
            target.clear(kind)
    print(f"  then load {cpu.load():.1f}, pace {cpu.pace():.0f} ms; {cpu.peak():.0f} MB at most in this process")


def quantiles(taken: list[float]) -> str:
    """p50, p95 and p99 of some milliseconds, in words."""
    ordered = sorted(taken)
    told = (f"p{part} {ordered[len(ordered) * part // 100]:.0f}" for part in (50, 95, 99))
    return f"{', '.join(told)} ms ({len(ordered)})"


def fill(target: Any, corpus: Corpus, count: int) -> float:
    """Build every kind's index beside and swap it in, as `search_rebuild` does; returns documents a second."""
    from django.conf import settings

    began = time.perf_counter()
    for kind in KINDS:
        handle = target.open_rebuild(kind)
        for written in target.fill_rebuild(handle, kind, corpus.batches(kind, count, settings.SEARCH_BULK_DOCUMENTS)):
            if written.refused or written.later:
                raise SystemExit(f"{target.name} did not take all: {written}")
        target.close_rebuild(handle, kind)
    return count / (time.perf_counter() - began)


def settle(target: Any) -> float:
    """Wait until the engine has put in order what was filled, which it does while it answers; returns the seconds."""
    began, client = time.perf_counter(), getattr(target, "_client", None)
    while client is not None and client.tasks.list(actions="*forcemerge*")["nodes"]:
        time.sleep(1)
    return time.perf_counter() - began


def drawn(corpus: Corpus) -> Iterator[str]:
    """One to four words as often as they are written: the commonest stand in nearly every document, as "the" does."""
    pick = Random(11)
    for number in range(1_000_000_000, 2_000_000_000):
        corpus.writer.random.seed(number)
        yield " ".join(corpus.writer.some(pick.randint(1, 4)))


def real(corpus: Corpus) -> Iterator[str]:
    """One to four words, each in as large a part of the documents as the words of a real community's questions are.

    `REAL` are the quantiles of 900 questions to Thunderbird's community, stop words left out, among 12,652 documents.
    """
    sample = [corpus.document(number) for number in range(1, SAMPLE)]
    texts = (f"{one.title.lower()} {one.body} {one.replies}" for one in sample)
    said = Counter(word for text in texts for word in set(text.split()))
    words = sorted(said, key=lambda word: (said[word], word))
    shares = [said[word] / SAMPLE for word in words]
    pick = Random(12)
    while True:
        wanted = (float(np.interp(pick.random(), REAL_AT, REAL)) for _ in range(pick.randint(1, 4)))
        yield " ".join({words[min(bisect(shares, share), len(words) - 1)]: None for share in wanted})


def ask(target: Any, corpus: Corpus, texts: Iterable[str]) -> list[float]:
    """Milliseconds of each, asked by somebody who may see most; the first few are not counted."""
    from django.utils import timezone

    from search import highlight, services
    from search.query import plain_query

    taken = []
    audience = frozenset({"public", *(f"space:{number}" for number in range(20))})
    for text in texts:
        query = plain_query(text)
        began = time.perf_counter()
        answer = services.ask(query, audience, kinds=list(KINDS), now=timezone.now(), engine=target)
        spent = time.perf_counter() - began
        if answer.degraded:
            raise SystemExit(f"{target.name} did not answer in time.")
        shown = [corpus.document(hit.id) for hit in answer.order[:20]]
        began = time.perf_counter()
        for one in shown:
            highlight.excerpt([one.body, one.replies], query.words)
        taken.append((spent + time.perf_counter() - began) * 1_000)
    return taken[WARM:]


def complete(target: Any, corpus: Corpus, queries: int) -> list[float]:
    """Milliseconds of the beginnings of titles, two letters to all of two words."""
    taken, pick = [], Random(13)
    for _number in range(queries + WARM):
        words = corpus.document(pick.randint(1, 1_000)).title.split()[:2]
        text = " ".join(words)[: pick.randint(2, 12)]
        began = time.perf_counter()
        target.complete(text, frozenset({"public"}), kinds=list(KINDS), limit=5)
        taken.append((time.perf_counter() - began) * 1_000)
    return taken[WARM:]
