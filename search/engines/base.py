"""What an engine does, and the plain values that go in and out. No engine knows sources, viewers or pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Final

from search.query import SearchQuery, Term
from search.sources import Document

NEAREST: Final = 0.4  # cosine; below it lies what has nothing to do with the question


class EngineAway(Exception):
    """The engine as a whole does not answer or refuses: search falls back, indexing waits."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that matched, with what ordering and counting need. Its texts come later, for one page only."""

    kind: str
    id: int
    title: str
    score: float
    cover: int
    container: str
    state: str
    tags: tuple[str, ...]
    products: tuple[str, ...]
    author: str
    language: str
    created_at: datetime
    updated_at: datetime
    helpful: int
    is_official: bool
    nearness: float = 0.0  # cosine to the question, where it was found by meaning

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.id


Counts = dict[str, dict[str, int]]
Batches = Iterable[tuple[int, Sequence[Document]]]  # documents, each batch with the version drawn before it was read


@dataclass(slots=True)
class Found:
    """`hits` are best first within each kind. `facets` count each dimension as if it had no filter of its own;
    `terms` say for each word of the query at least how many documents that the audience may see hold it: 0 is none.
    `lacking` are kinds that the engine has no index of: nothing of them is in here."""

    hits: dict[str, list[Hit]] = field(default_factory=dict)
    total: int = 0
    facets: Counts = field(default_factory=dict)
    terms: list[int] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()

    def add(self, other: Found) -> None:
        """What another engine found of other kinds."""
        self.hits |= other.hits
        self.total += other.total
        for name, counts in other.facets.items():
            mine = self.facets.setdefault(name, {})
            for value, count in counts.items():
                mine[value] = mine.get(value, 0) + count
        self.terms = [a + b for a, b in zip_longest(self.terms, other.terms, fillvalue=0)]
        self.names |= other.names


@dataclass(slots=True)
class Near:
    """What is close in meaning, best first within each kind. `holding` are those that the words find too."""

    hits: dict[str, list[Hit]] = field(default_factory=dict)
    holding: set[tuple[str, int]] = field(default_factory=set)


@dataclass(slots=True)
class Written:
    """What became of a batch: ids that were refused for good and ids to try again, each with the reason."""

    refused: dict[int, str] = field(default_factory=dict)
    later: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that a query looks for: a word as typed, a synonym of it, a slip read otherwise, or a phrase."""

    term: int
    words: str
    role: str  # "word", "synonym", "slip" or "phrase"


@dataclass(frozen=True, slots=True)
class Said:
    """Where one document says a form, each place with its points where the engine tells them apart, and all points."""

    form: Form
    places: tuple[tuple[str, float | None], ...]
    points: float


class Engine(ABC):
    """All methods may raise EngineAway."""

    name: str

    @abstractmethod
    def search(self, query: SearchQuery, audience: frozenset[str], *, kinds: Sequence[str], window: int) -> Found:
        """Up to `window` hits of each of the kinds that the audience may see, with exact counts."""

    def near(
        self, query: SearchQuery, vector: Sequence[float], audience: frozenset[str], *, kinds: Sequence[str], limit: int
    ) -> Near:
        """Up to `limit` hits of each kind that are closest in meaning, whatever facets are chosen; none by default."""
        return Near()

    @abstractmethod
    def held(self, terms: Sequence[Term], audience: frozenset[str], *, kinds: Sequence[str]) -> list[int]:
        """How many documents hold each of the words, of those that the audience may see."""

    @abstractmethod
    def explain(self, query: SearchQuery, forms: Sequence[Form], kind: str, object_id: int) -> list[Said]:
        """Which of the forms one document says, where, and what that is worth. For those who may see the document."""

    @abstractmethod
    def complete(self, text: str, audience: frozenset[str], *, kinds: Sequence[str], limit: int) -> list[Hit]:
        """Up to `limit` hits a kind whose title holds the words of `text`, the last one perhaps unfinished."""

    @abstractmethod
    def missing(self, kinds: Sequence[str]) -> list[str]:
        """The kinds that have no index, or an empty one: all their documents have to be written."""

    def create(self, kind: str) -> None:  # noqa: B027
        """Make a missing index. Called when its documents are marked, so that dying in between loses none."""

    def publish(self, kinds: Sequence[str]) -> None:  # noqa: B027
        """Let indexes that `create` made answer, now that nothing waits to be written to them."""

    @abstractmethod
    def write(self, kind: str, documents: Sequence[Document], gone: Iterable[int], *, version: int) -> Written:
        """Put documents in and take `gone` out. A write whose version is not above the stored one changes nothing."""

    @abstractmethod
    def digests(self, kind: str) -> Iterator[tuple[int, str]]:
        """(id, digest) of every document of a kind, in order of id."""

    @abstractmethod
    def refresh(self, kinds: Sequence[str] = ()) -> None:
        """Make what was written findable now, of some kinds or of all."""

    @abstractmethod
    def open_rebuild(self, kind: str) -> str:
        """Begin to build a kind's index beside the one that answers; returns a handle for the two calls below."""

    @abstractmethod
    def fill_rebuild(self, handle: str, kind: str, batches: Batches) -> Iterator[Written]:
        """Put documents into the index being built; yields what became of each batch, perhaps while the next are read.
        """

    @abstractmethod
    def close_rebuild(self, handle: str, kind: str) -> int:
        """Let the new index answer and drop the old one; returns how many documents it holds."""

    @abstractmethod
    def clear(self, kind: str) -> None:
        """Forget everything of a kind (scratch collections, kinds that no room registers any more)."""
