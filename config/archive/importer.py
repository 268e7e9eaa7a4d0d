"""What every kind of row has in common: prepared without the database, checked, then stored in a batch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from accounts.models import Audience
from config.archive.fields import Row
from config.archive.report import Report


@dataclass(slots=True)
class Item:
    """A prepared row. `notes` say what was taken in otherwise than it stood: (field, why)."""

    source_id: str
    line: int = 0
    digest: str = ""
    address: str = ""
    urls: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many rows of the product it makes; batches are measured in them."""
        return 1


@dataclass(frozen=True, slots=True)
class Stored:
    """`waits_for` are (field, source key) of topics that it is to be led to and that did not come in yet."""

    target_id: int
    outcome: str
    has_links: bool = False
    waits_for: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator asked for."""

    source: str
    space_prefix: str = ""
    is_dry: bool = False
    # Who may read a space or section that no row describes. Staff only where rows describe them, so that a space whose
    # row is bad never opens its content to everyone.
    open_to: str = Audience.PUBLIC


class Importer(ABC):
    """One kind of row. `name` is the file's, `kind` the word under which its ids are remembered."""

    name: ClassVar[str]
    kind: ClassVar[str]
    # Whether `store` only looks up what `before_batch` wrote: then no row needs a savepoint of its own.
    is_written_before: ClassVar[bool] = False

    def __init__(self, settings: Settings, report: Report) -> None:
        self.settings, self.report = settings, report

    @abstractmethod
    def prepare(self, row: Row) -> Item:
        """Everything that needs no database. Raises RowProblem."""

    @abstractmethod
    def check(self, item: Item) -> None:
        """For a dry run: whatever `store` would refuse. Raises RowProblem or ValidationError."""

    @abstractmethod
    def store(self, item: Item) -> Stored:
        """Write a new row through its service. Raises RowProblem or ValidationError, then nothing of it is stored."""

    def change(self, item: Item, target_id: int) -> Stored:
        """A row that is in already and reads otherwise now. What was imported stays; a subclass may add to it."""
        item.notes.append(("", "has changed in the source since it was imported; what is here was left as it is"))
        return Stored(target_id, "same")

    def would_change(self, item: Item, target_id: int) -> Stored:
        """What `change` would answer, without writing."""
        return Stored(target_id, "same")

    def promise(self, item: Item) -> None:  # noqa: B027 (most kinds have nothing to promise)
        """In a dry run: what later rows may count on, because this row would make it."""

    def before_batch(self, items: Sequence[Item]) -> None:  # noqa: B027 (some refer to nothing)
        """Make or look up what the rows of a batch refer to."""

    def forget(self) -> None:  # noqa: B027 (some remember nothing)
        """A transaction was rolled back: what `before_batch` made is gone."""

    def addresses(self, item: Item, stored: Stored) -> Iterator[tuple[int | str, list[str]]]:
        """What stands at which old addresses: an id, or for a post its source key."""
        if item.urls:
            yield stored.target_id, item.urls

    def count(self, item: Item, stored: Stored) -> None:
        """Tell the report; a dry run calls this with what would have been."""
        self.report.count(self.name, stored.outcome)
