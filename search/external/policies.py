"""Who sees, and who looks after, external sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.viewer import Viewer

if TYPE_CHECKING:
    from search.external.models import ExternalRecord, ExternalSource


def audience(thing: ExternalSource | ExternalRecord) -> frozenset[str]:
    """The one token that opens a source and all that it holds."""
    readers = thing.readers if hasattr(thing, "readers") else thing.source.readers
    return frozenset({str(readers)})


def can_see(viewer: Viewer, thing: ExternalSource | ExternalRecord) -> bool:
    return viewer.may_read(audience(thing))


def can_manage_sources(viewer: Viewer) -> bool:
    """Managers and admins set sources up and send records; for everyone else the pages do not exist."""
    return viewer.is_manager
