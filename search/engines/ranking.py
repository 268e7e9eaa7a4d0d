"""The database's engine: the order of what a search finds.

How often a word is said is dear to ask for each of ten thousand matches. So rarity, title and length choose the best
of a kind, and only these are looked at closely: rarity * f * (k1 + 1) / (f + k1 * (1 - b + b * length / mean)) with
k1 = 1.5 and b = 0.4, where f is how often a word is said, weighted by place, and rarity and mean length are those of
the hit's own kind: a few hundred long articles must not drown among thousands of short topics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from search.engines.columns import Columns, Mask, Numbers
from search.engines.forms import FORM
from search.query import SearchQuery

Scores = NDArray[np.float64]

CLOSE: Final = 200  # hits of a kind that are looked at closely
MOST_SAID: Final = 2 / 3  # of what a word in the heaviest place counts, for one that is said again and again
# A word that is in more of all documents, and in this many, tells so little that only where it stands is looked at.
COMMON: Final = 0.4
MANY: Final = 30_000


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that is looked for: its number as `engines.forms` has it, what the full-text index is asked, what holds
    it, what holds it in title or keywords, and what it counts beside the word as typed."""

    number: int
    expression: Any
    held: Mask
    named: Mask
    share: float


class Ranking:
    """Scores of some documents for the forms of one search. `title` and `body` are what a word counts there."""

    def __init__(self, columns: Columns, forms: list[Form], *, title: float, body: float, heaviest: float) -> None:
        self.columns, self.forms = columns, forms
        self.title, self.body, self.most = title, body, MOST_SAID * heaviest
        self.kinds = columns.values["kind"]
        count = len(columns.names["kind"].texts)
        living, length = columns.living, columns.values["length"]
        self.documents = np.maximum(np.bincount(self.kinds[living], minlength=count), 1)
        self.means = np.maximum(np.bincount(self.kinds[living], length[living], minlength=count) / self.documents, 1.0)
        self.rows = max(int(columns.exists.sum()), 1)
        self.mean = max(float(length[columns.exists].sum()) / self.rows, 1.0)

    def first(self, places: Numbers) -> Scores:
        """By rarity, place and length alone: as if each word were said once, in its best place."""
        return self._summed(places, {})

    def closely(self, places: Numbers, said: Mapping[int, Scores]) -> Scores:
        """By how often each form is said, too, where `said` knows that: each time with the weight of its place."""
        return self._summed(places, said)

    def asks(self, form: Form) -> bool:
        """Whether it is worth asking how often a form is said."""
        return len(self.forms) == 1 or int(form.held.sum()) <= max(COMMON * self.rows, MANY)

    def _summed(self, places: Numbers, said: Mapping[int, Scores]) -> Scores:
        """A word counts as its strongest form does."""
        best: dict[int, Scores] = {}
        kinds, length = self.kinds[places], self.columns.values["length"][places]
        norm = 1.5 * (0.6 + 0.4 * length / self.means[kinds])
        for form in self.forms:
            named = form.named[places]
            times = self._times(form, named, length, said.get(form.number))
            worth = self._rarity(form)[kinds] * times * 2.5 / (times + norm) * form.held[places] * form.share
            known = best.get(form.number % FORM)
            best[form.number % FORM] = worth if known is None else np.maximum(known, worth)
        return np.sum(list(best.values()), axis=0) if best else np.zeros(len(places))

    def _times(self, form: Form, named: Mask, length: Numbers, said: Scores | None) -> Scores:
        """How often a form is said, each time with the weight of its place.

        A word that is every fifth of a text and not in its title counts less than one in the heaviest place: nobody
        gains by saying it hundreds of times.
        """
        if said is None:
            return np.where(named, self.title, self.body)
        return np.where(~named & (said > 20) & (said > length / 5), np.minimum(said, self.most), said)

    def _rarity(self, form: Form) -> Scores:
        """How much a form tells in each kind."""
        held = np.bincount(self.kinds[form.held], minlength=len(self.documents))
        return np.log(1 + (np.maximum(self.documents, held) - held + 0.5) / (held + 0.5))


def best(places: Numbers, scores: Scores, most: int) -> Numbers:
    """The places of the best, best first; of equals the newer. `places` ascend."""
    if len(places) > most:
        least = np.partition(scores, len(scores) - most)[-most]
        above, equal = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
        kept = np.sort(np.concatenate([above, equal[len(equal) - (most - len(above)) :]]))
        places, scores = places[kept], scores[kept]
    return places[np.lexsort((-places, -scores))]


def by_sort(columns: Columns, places: Numbers, query: SearchQuery) -> Numbers:
    """Places by what the search is sorted by, where that is not relevance."""
    created = columns.values["created_at"][places]
    if query.sort == "newest":
        return places[np.lexsort((-places, -created))]
    return places[np.lexsort((-places, -created, -columns.values["helpful"][places]))]
