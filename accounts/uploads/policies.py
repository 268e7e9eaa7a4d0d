"""What a viewer may do with files: the predicates and tokens that twin the row filter."""

from __future__ import annotations

from collections import defaultdict

from accounts.uploads.models import Upload
from accounts.uploads.places import place_named
from accounts.viewer import Viewer


def audience(upload: Upload) -> frozenset[str]:
    """The tokens that open a file: those of the places that name it now; where none does, its owner's."""
    ids: dict[str, set[int]] = defaultdict(set)
    for target_type, target_id in upload.uses.filter(is_current=True).values_list("target_type", "target_id"):
        ids[target_type].add(target_id)
    if not ids:
        return frozenset({f"user:{upload.owner_id}"} if upload.owner_id else set())
    found: set[str] = set()
    for name, targets in ids.items():
        place = place_named(name)
        for tokens in place.audiences(targets).values() if place else ():
            found |= tokens
    return frozenset(found)


def can_see(viewer: Viewer, upload: Upload) -> bool:
    return viewer.may_read(audience(upload))


def can_upload(viewer: Viewer) -> bool:
    """Everyone who is signed in; how much is a matter of the quota."""
    return viewer.is_signed_in


def can_remove(viewer: Viewer, upload: Upload) -> bool:
    """Its owner, while no text names it; afterwards it goes with the text."""
    return viewer.reads_own and upload.owner_id == viewer.user_id and not upload.uses.exists()
