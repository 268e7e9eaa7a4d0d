"""What a search answers: cards the viewer may see, exact counts, and whether it ran degraded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.safestring import SafeString

from search.query import SearchQuery
from search.sources import Card


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the page: its card, its title and excerpt as HTML with the matches marked, and its place.

    `lead_html` is made for what shows it: the best hit and pinned ones. `texts` are what the excerpt was cut from,
    `language` what they are in as far as the index knows.
    """

    card: Card
    rank: int
    score: float
    label: str
    title_html: SafeString
    excerpt_html: SafeString
    lead_html: SafeString
    is_best: bool = False
    is_pinned: bool = False
    created_at: datetime | None = None
    texts: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet with its count."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """`has_more` when there are values beyond these; `is_one_of` when one choice excludes the others."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    has_more: bool = False
    is_one_of: bool = False
    is_open: bool = True

    @property
    def is_shown(self) -> bool:
        """Whether there is something to choose; that all there is has one language is none."""
        return self.is_one_of or self.has_chosen or len(self.choices) > (self.name == "language")

    @property
    def has_chosen(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


@dataclass(slots=True)
class Results:
    """`pinned` are shown above `items` and are not counted by `total`; `rejected` counts hits that the index offered
    and the database refused; `meant` is what a slip was read as, `offer` the query as it was perhaps meant, where that
    was not looked for; `looked_for` what of a long text was looked for where not all of it was."""

    query: SearchQuery
    total: int = 0
    items: list[Result] = field(default_factory=list)
    pinned: list[Result] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    engine: str = ""
    degraded: bool = False
    is_loose: bool = False
    meant: str = ""
    offer: str = ""
    looked_for: tuple[str, ...] = ()
    rejected: int = 0
    took_ms: int = 0
    at: datetime | None = None

    @property
    def is_narrowable(self) -> bool:
        """Whether filters are any use: where nothing is found, only those that are chosen."""
        return bool(self.facets) and (bool(self.total) or self.query.has_filters)
