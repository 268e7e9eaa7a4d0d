"""Where files may stand: each room registers its places, and this room knows them by name and id only."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.viewer import Viewer


class Place(ABC):
    """One kind of text that names files. `name` is the type in `UploadUse.target_type`, such as `post`."""

    name: str

    @abstractmethod
    def every(self) -> QuerySet:
        """All rows, seen or not; a use of a row that is not among them is dropped."""

    @abstractmethod
    def rows(self, viewer: Viewer) -> QuerySet:
        """The rows that this viewer may read: the row filter of the room."""

    @abstractmethod
    def audiences(self, ids: Iterable[int]) -> dict[int, frozenset[str]]:
        """The tokens that open each of these rows, in one or two queries."""


_places: dict[str, Place] = {}


def register_place(place: Place) -> None:
    """Let texts of this kind name files. Call it in `AppConfig.ready()`."""
    _places[place.name] = place


def places() -> list[Place]:
    """All registered places."""
    return list(_places.values())


def place_named(name: str) -> Place | None:
    """The place of a use, or None when no room registers it any more."""
    return _places.get(name)
