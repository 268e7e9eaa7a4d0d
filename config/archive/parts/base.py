"""One more file of an archive: what it holds goes out row by row, and comes in by an importer of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, ClassVar

from django.db.models import QuerySet

from accounts.viewer import Viewer
from config.archive.importer import Importer, Settings
from config.archive.people import Authors
from config.archive.report import Report

Rows = Iterator[dict[str, Any]]


class Reach(IntEnum):
    """Which exports hold it: all, with the rows that everyone may read; the whole ones; those asked for it."""

    PUBLIC = 1
    WHOLE = 2
    PRIVATE = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """What goes out: `viewer` None is everything, else what that viewer may read; `folder` holds the archive."""

    viewer: Viewer | None
    folder: Path
    is_private: bool = False

    def holds(self, reach: Reach) -> bool:
        """Whether a part of this reach goes out."""
        if self.viewer is not None:
            return reach == Reach.PUBLIC
        return self.is_private or reach != Reach.PRIVATE

    def seen(self, rows: QuerySet) -> QuerySet:
        """Those of the rows that go out; the model's manager has the row filter."""
        return rows if self.viewer is None else rows.visible_to(self.viewer)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the importers of a run share."""

    settings: Settings
    report: Report
    authors: Authors
    folder: Path


class Part(ABC):
    """`name` is the file's; a part is read after threads and ideas, an early one before all texts, which name it."""

    name: ClassVar[str]
    reach: ClassVar[Reach] = Reach.WHOLE
    is_early: ClassVar[bool] = False

    @abstractmethod
    def rows(self, scope: Scope) -> Rows:
        """Every row, from one pass through the tables: memory must not grow with them."""

    @abstractmethod
    def importer(self, ground: Ground) -> Importer:
        """What takes these rows in."""
