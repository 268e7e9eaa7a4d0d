"""What staff put first for a search ("best bets"). Live at once: nothing is indexed again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.text import clean_line
from accounts.viewer import Viewer
from search.fingerprint import Fingerprint
from search.log import normalised
from search.models import Pin
from search.parser import MOST_CHARACTERS
from search.policies import can_curate
from search.sources import Card, source_for

MOST_PER_SEARCH: Final = 5
MOST_PINS: Final = 2_000


@transaction.atomic
def pin_create(*, viewer: Viewer, text: str, kind: str, object_id: int) -> Pin:
    """Show a thing first whenever exactly `text` is searched for. The same again changes nothing.

    Raises NotAllowed for who is not staff, ValidationError({"text" | "kind" | "object_id": …}) for an empty text, for a
    thing that this viewer does not see, and beyond five pins for one search.
    """
    if not can_curate(viewer):
        raise NotAllowed(_("Only staff pin results."))
    text = normalised(clean_line(text, field="text", limit=MOST_CHARACTERS))
    source = source_for(kind)
    if source is None:
        raise ValidationError({"kind": _("Nothing of this kind can be found.")})
    if not source.cards([object_id], viewer):
        raise ValidationError({"object_id": _("There is nothing here that you could pin.")})
    key = Fingerprint.made(text)
    here = Pin.objects.filter(key=key)
    already = here.filter(kind=kind, object_id=object_id).first()
    if already is not None:
        return already
    if here.count() >= MOST_PER_SEARCH:
        raise ValidationError(
            {"text": _("A search has at most %s pinned results. Remove one first.") % MOST_PER_SEARCH}
        )

    pin, is_new = Pin.objects.get_or_create(
        key=key, kind=kind, object_id=object_id,
        defaults={"text": text, "pinned_by_id": viewer.user_id, "created_at": timezone.now()},
    )

    if is_new:
        data = {"text": text, "kind": kind, "object": object_id}
        events.record("search.pinned", actor=viewer, target=pin, data=data)
    return pin


@transaction.atomic
def pin_remove(*, viewer: Viewer, pin: Pin) -> None:
    """Let a result stand where it stands by itself again. Raises NotAllowed for who is not staff."""
    if not can_curate(viewer):
        raise NotAllowed(_("Only staff pin results."))

    data = {"text": pin.text, "kind": pin.kind, "object": pin.object_id}
    events.record("search.unpinned", actor=viewer, target=pin, data=data)
    pin.delete()


def pins_for_page(cards: dict[tuple[str, int], Card], pins: Sequence[Pin]) -> list[tuple[str, list[tuple[Pin, Card]]]]:
    """The pins by search, each with its card; a pin whose thing this viewer does not see is left out."""
    found: dict[str, list[tuple[Pin, Card]]] = {}
    for pin in pins:
        card = cards.get((pin.kind, pin.object_id))
        if card is not None:
            found.setdefault(pin.text, []).append((pin, card))
    return list(found.items())
