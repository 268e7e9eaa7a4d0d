"""What search knows of the product: each room registers one `SearchSource` a kind; search itself knows no domain."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.events.models import Event
    from accounts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Document:
    """One thing as it goes into the indexes: plain text, never HTML; only what is published.

    `audience` holds the tokens of its container. `container` is the slug of the space or section that `in:` names;
    `products` are what it is about, as the company names them.
    """

    id: int
    title: str
    body: str
    audience: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    replies: str = ""
    summary: str = ""
    solution: str = ""
    tags: tuple[str, ...] = ()
    container: str = ""
    container_name: str = ""
    state: str = ""
    author: str = ""
    language: str = "en"
    helpful: int = 0
    is_official: bool = False
    keywords: str = ""
    products: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What reconciling compares: equal when every field that is indexed is equal."""
        values: dict[str, Any] = {name: getattr(self, name) for name in _FIELDS}
        values["audience"] = sorted(self.audience)
        if not self.products:
            del values["products"]  # what has none is as it was before there were any
        packed = json.dumps(values, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.blake2b(packed.encode(), digest_size=16).hexdigest()


_FIELDS: Final = tuple(field.name for field in fields(Document))


@dataclass(frozen=True, slots=True)
class Card:
    """One hit as a viewer may see it, read from the database at the moment of showing. `lead` is plain text, `language`
    the code of what the title is in, where the source knows it."""

    kind: str
    id: int
    title: str
    url: str
    where: str = ""
    where_url: str = ""
    state: str = ""
    state_label: str = ""
    author: str = ""
    author_url: str = ""
    when: datetime | None = None
    facts: tuple[str, ...] = ()
    icon: str = ""
    lead: str = ""
    is_official: bool = False
    language: str = ""


class SearchSource(ABC):
    """One kind of content. The index is recall; `cards` is the boundary that decides what a viewer sees."""

    kind: str
    label: str | Promise
    label_plural: str | Promise
    icon: str
    #: the words for this kind's states in filters (`{"solved": _("Solved")}`)
    state_labels: Mapping[str, str | Promise] = {}
    #: whether the words written for people's and places' names, and nothing else, are the point (no “best hit”)
    is_name: bool = False
    #: whether things of this kind are offered beside others (“Related”) unasked; cases are work, not reading
    is_offered: bool = True

    @abstractmethod
    def ids(self) -> QuerySet:
        """The ids (`values_list("pk", flat=True)`) of all that is to be found, for rebuilding and reconciling."""

    @abstractmethod
    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        """The rows as they are now, in a few queries; an id that is missing here is deleted from the index."""

    @abstractmethod
    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        """Those of the ids that the viewer may see (`visible_to`), in one or two queries."""

    @abstractmethod
    def affected(self, event: Event) -> Iterable[int]:
        """The ids to index again after an event. Runs in the writer's transaction: look at names and ids only."""

    def affected_by_all(self, events: Sequence[Event]) -> set[int]:
        """The same for many events at once; a source that asks the database asks it once."""
        return {pk for event in events for pk in self.affected(event)}


_sources: dict[str, SearchSource] = {}


def register(source: SearchSource) -> None:
    """Add a kind. Call it in `AppConfig.ready()`; the order of registering is the order of filters."""
    _sources[source.kind] = source


def unregister(kind: str) -> None:
    """Take a kind away again (tests and scratch collections)."""
    _sources.pop(kind, None)


def sources() -> list[SearchSource]:
    """All registered sources."""
    return list(_sources.values())


def source_for(kind: str) -> SearchSource | None:
    """The source of a kind, or None when no room registers it."""
    return _sources.get(kind)
