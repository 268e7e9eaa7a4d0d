"""What one person has to do with one space: the people and spaces of a batch are looked up once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from config.archive import ids
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground
from config.archive.problem import RowProblem
from config.archive.spaces import KIND as SPACE


@dataclass(slots=True)
class PlacedItem(Item):
    by: str = ""
    space: str = ""
    at: datetime | None = None


class PlacedImporter(Importer):
    """Only spaces that came in with this archive are known."""

    is_written_before = True
    spaces_meant: ClassVar[str] = SPACE  # OPENED where a row would let people into what was here before

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.authors = ground.authors
        self.spaces: dict[str, int] = {}

    @abstractmethod
    def write(self, rows: Sequence[tuple[Any, int, int | None]]) -> None:
        """Store items, each with its person and its space (None where it names none), in a few statements."""

    def check(self, item: Any) -> None:
        """Nothing but names and times."""

    def before_batch(self, items: Sequence[Item]) -> None:
        placed = [item for item in items if isinstance(item, PlacedItem)]
        self.authors.load((item.by, None) for item in placed)
        here = ids.known(self.settings.source, self.spaces_meant, {item.space for item in placed if item.space})
        self.spaces = {name: row.target_id for name, row in here.items()}
        if self.settings.is_dry:
            return
        self.write([
            (item, person, self.spaces.get(item.space))
            for item in placed
            if (person := self.authors.id_of(item.by)) and (not item.space or item.space in self.spaces)
        ])  # fmt: skip

    def forget(self) -> None:
        self.authors.forget()

    def store(self, item: Any) -> Stored:
        person = self.authors.id_of(item.by)
        if person is None:
            raise RowProblem("by", "must be somebody")
        if item.space and item.space not in self.spaces:
            raise RowProblem("space", f"{self._no_space()}: “{item.space}”")
        return Stored(person, "new")

    def _no_space(self) -> str:
        if self.spaces_meant == SPACE:
            return "names a space that is not here"
        return "names a space that this archive did not open; let people in by its page"
