"""The database's engine: which documents a search finds, and every count of it, over the columns in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import reduce

import numpy as np

from search.engines.columns import Columns, Mask, Numbers
from search.engines.entries import MOST_VALUES, Row
from search.engines.forms import FORM, PHRASE
from search.query import FACETS, WITHIN, SearchQuery, since


class Matches:
    """What one search finds: `seen` holds any of its words, `base` enough of them and all that is no facet; both only
    what the audience may see. `cover` is how many of the words a document holds, each in whichever of its forms.
    """

    def __init__(
        self, columns: Columns, query: SearchQuery, held: Mapping[int, Mask], audience: Sequence[str],
        kinds: Sequence[str], *, also: Sequence[Mask] = (), never: Sequence[Mask] = (),
    ) -> None:
        self.columns, self.query = columns, query
        visible = columns.living & columns.among("token", audience) & columns.among("kind", kinds)
        self.words = _by_word(held)
        self.seen = visible & _any(self.words.values()) if query.has_words else visible
        self.cover = np.zeros(len(columns.ids), dtype=np.int64)
        for number, mask in self.words.items():
            if number < PHRASE:
                self.cover += mask
        self.base = self.seen & (self.cover >= (query.need if query.terms else 0))
        for mask in also:
            self.base &= mask
        for mask in never:
            self.base &= ~mask
        self.base &= self._between()
        self._filters = {name: self._filter(name) for name in FACETS if query.chosen(name)}

    def chosen(self, *, but: str = "") -> Mask:
        """What is under the ticked values, perhaps without one facet's."""
        return reduce(np.logical_and, (mask for name, mask in self._filters.items() if name != but), self.base)

    def holding(self) -> list[int]:
        """How many documents that the audience may see hold each word."""
        return [int((self.words[number] & self.seen).sum()) for number in range(len(self.query.terms))]

    def counts(self) -> Iterator[Row]:
        """Every count of the search, each facet as if it had no choice of its own."""
        yield "total", "", int(self.chosen().sum()), 0, 0.0, 0
        for number, mask in self.words.items():
            yield "term", str(number), int((mask & self.seen).sum()), 0, 0.0, 0
        for name in ("kind", "state", "author", "language"):
            codes = self.columns.values[name][self.chosen(but=name)]
            yield from _told(name, codes, self.columns.names[name].texts, most=MOST_VALUES)
        for name in ("tag", "product"):
            pairs = self.columns.lists[name]
            codes = pairs.codes[self.chosen(but=name)[pairs.places]]
            yield from _told(name, codes, self.columns.names[name].texts)
        yield from self._spaces()
        yield from self._dates()

    def _spaces(self) -> Iterator[Row]:
        """Containers with their names. One that is being renamed has two, and is told by the last in the alphabet."""
        places = np.flatnonzero(self.chosen(but="space"))
        slugs, names = (self.columns.names[name].texts for name in ("container", "container_name"))
        codes = self.columns.values["container"][places]
        told: dict[str, str] = {}
        for pair in np.unique(codes * len(names) + self.columns.values["container_name"][places]).tolist():
            slug, name = slugs[pair // len(names)], names[pair % len(names)]
            told[slug] = max(told.get(slug, ""), name)
        for what, slug, count, *rest in _told("space", codes, slugs):
            yield what, f"{slug} {told[slug]}", count, *rest

    def _dates(self) -> Iterator[Row]:
        """How many began within each span and no shorter one."""
        began = self.columns.values["created_at"][self.chosen(but="date")]
        shorter = 0
        for within in WITHIN:
            count = int((began >= micros(since(within))).sum())
            if count > shorter:
                yield "date", within, count - shorter, 0, 0.0, 0
            shorter = count

    def _between(self) -> Mask:
        """Bounds of time, each with its whole day."""
        created, found = self.columns.values["created_at"], np.ones(len(self.columns.ids), dtype=np.bool_)
        if self.query.after:
            found &= created >= micros(datetime.combine(self.query.after, time.min, UTC))
        if self.query.before:
            found &= created < micros(datetime.combine(self.query.before, time.min, UTC) + timedelta(days=1))
        return found

    def _filter(self, name: str) -> Mask:
        values = self.query.chosen(name)
        if name == "date":
            return self.columns.values["created_at"] >= micros(since(values[0]))
        if name == "author":
            wanted = {value.lower() for value in values}
            values = tuple(text for text in self.columns.names[name].texts if text.lower() in wanted)
        return self.columns.among("container" if name == "space" else name, values)


def micros(moment: datetime) -> int:
    """A time as the columns hold it."""
    return int(np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us").astype(np.int64))


def _by_word(held: Mapping[int, Mask]) -> dict[int, Mask]:
    """What holds each term or phrase, in whichever form."""
    found: dict[int, Mask] = {}
    for number, mask in held.items():
        known = found.get(number % FORM)
        found[number % FORM] = mask if known is None else known | mask
    return found


def _any(masks: Iterable[Mask]) -> Mask:
    return reduce(np.logical_or, masks)


def _told(name: str, codes: Numbers, texts: Sequence[str], *, most: int = 0) -> list[Row]:
    """How often each number occurs, as rows; perhaps only the most frequent."""
    counts = np.bincount(codes, minlength=len(texts))
    least = int(np.partition(counts, -most)[-most]) if 0 < most < len(counts) else 1
    found = np.flatnonzero(counts >= max(least, 1)).tolist()
    rows = [(name, texts[code], int(counts[code]), 0, 0.0, 0) for code in found]
    return sorted(rows, key=lambda row: (-row[2], row[1]))[:most] if most else rows
