"""What staff made of all searches as one JSON document: out of one house, into another, or back after a mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.viewer import Viewer
from search import curation, services
from search.fingerprint import Fingerprint
from search.log import normalised
from search.models import Pin, Synonyms
from search.parser import MOST_CHARACTERS
from search.policies import can_curate, can_tune
from search.synonyms import ARROW, synonyms_create
from search.thesaurus import words_of
from search.tuning import relevance_put, weights_saved

FORMAT: Final = 1
MOST_BYTES: Final = 2_000_000


@dataclass(slots=True)
class Taken:
    """How many lines and pins are new, how many were here, and whether the weights changed."""

    synonyms: int = 0
    pins: int = 0
    same: int = 0
    is_weighed: bool = False
    wrong: dict[str, list[str]] = field(default_factory=dict)


def shaping_document(viewer: Viewer) -> dict[str, Any]:
    """Synonyms, the pins whose things this viewer sees, and, for managers, what differs in the weights.

    Raises NotAllowed for who is not staff.
    """
    if not can_curate(viewer):
        raise NotAllowed(_("Only staff shape searches."))
    pins = list(Pin.objects.order_by("text", "pk"))
    seen = services.authorised_cards(viewer, {(pin.kind, pin.object_id) for pin in pins})
    document: dict[str, Any] = {
        "format": FORMAT,
        "synonyms": [str(row) for row in Synonyms.objects.order_by("words", "pk")],
        "pins": [
            {"text": pin.text, "kind": pin.kind, "id": pin.object_id}
            for pin in pins if (pin.kind, pin.object_id) in seen
        ],
    }  # fmt: skip
    return document | ({"relevance": weights_saved()} if can_tune(viewer) else {})


@transaction.atomic
def shaping_take(*, viewer: Viewer, document: Any) -> Taken:
    """Add what a document holds to what is here; nothing is taken away. What is here already counts as the same.

    All or nothing: raises ValidationError with every place that is wrong (`synonyms.3`, `pins.0`, `relevance`), and
    NotAllowed for who is not staff. Weights take a manager, and none given leaves those of now.
    """
    if not can_curate(viewer):
        raise NotAllowed(_("Only staff shape searches."))
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise ValidationError({"format": _("This is no document of search settings. Export one to see its form.")})
    taken = Taken()
    for place, rule in enumerate(_list(document, "synonyms")):
        _try(taken, f"synonyms.{place}", lambda rule=rule: _take_rule(viewer, taken, rule))  # type: ignore[misc]
    for place, pin in enumerate(_list(document, "pins")):
        _try(taken, f"pins.{place}", lambda pin=pin: _take_pin(viewer, taken, pin))  # type: ignore[misc]
    if document.get("relevance") is not None:
        _try(taken, "relevance", lambda: _take_weights(viewer, taken, document["relevance"]))
    if taken.wrong:
        raise ValidationError(taken.wrong)
    return taken


def _list(document: Mapping[str, Any], name: str) -> list[Any]:
    most = {"synonyms": 1_000, "pins": curation.MOST_PINS}[name]
    found = document.get(name) or []
    if not isinstance(found, list) or len(found) > most:
        raise ValidationError({name: _("This must be a list of at most %s.") % most})
    return found


def _try(taken: Taken, place: str, act: Callable[[], None]) -> None:
    """Go on after what is wrong, so that all of it is said at once; the end undoes everything."""
    try:
        with transaction.atomic():
            act()
    except ValidationError as error:
        taken.wrong[place] = list(error.messages)
    except NotAllowed as error:
        taken.wrong[place] = [str(error)]


def _take_rule(viewer: Viewer, taken: Taken, rule: object) -> None:
    if not isinstance(rule, str):
        raise ValidationError(_("This must be a line of words."))
    left, _arrow, right = rule.partition(ARROW)
    stored = {"words": ", ".join(words_of(left)), "meant": ", ".join(words_of(right))}
    if Synonyms.objects.filter(**stored).exists():
        taken.same += 1
        return
    synonyms_create(viewer=viewer, rule=rule)
    taken.synonyms += 1


def _take_pin(viewer: Viewer, taken: Taken, pin: object) -> None:
    if not isinstance(pin, Mapping):
        raise ValidationError(_("This must have text, kind and id."))
    text, kind, number = pin.get("text"), pin.get("kind"), pin.get("id")
    is_number = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63
    if not (isinstance(text, str) and isinstance(kind, str) and is_number):
        raise ValidationError(_("This must have text, kind and id."))
    key = Fingerprint.made(normalised(text[:MOST_CHARACTERS]))  # what is longer is refused below, and meets no other
    is_whole = len(text) <= MOST_CHARACTERS
    if is_whole and Pin.objects.filter(key=key, kind=kind[:20], object_id=number).exists():
        taken.same += 1
        return
    curation.pin_create(viewer=viewer, text=text, kind=kind, object_id=int(number))  # type: ignore[arg-type]
    taken.pins += 1


def _take_weights(viewer: Viewer, taken: Taken, weights: object) -> None:
    if not isinstance(weights, Mapping):
        raise ValidationError(_("This must have a number a setting."))
    taken.is_weighed = relevance_put(viewer=viewer, settings=weights) is not None
