"""What staff made of all searches (pins, synonyms, relevance), as one search needs it: live at once, for one statement.

`Shaping` has one row whose stamp is another one after every change. A process keeps what it read under the stamp that
it saw, and reads again when a search sees another.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value

from search.fingerprint import Fingerprint
from search.log import normalised
from search.models import Pin, RelevanceVersion, Shaping, Synonyms
from search.query import SearchQuery
from search.relevance import DEFAULT, Relevance, relevance_of
from search.thesaurus import Thesaurus

logger = logging.getLogger("threadwell.search")
_KEY: Final = "search:stamp"
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Shape:
    """What is put into every query before an engine sees it."""

    thesaurus: Thesaurus = field(default_factory=Thesaurus)
    relevance: Relevance = DEFAULT

    def applied(self, query: SearchQuery) -> SearchQuery:
        """The query with the synonyms of its words and the weights of its hits."""
        return replace(self.thesaurus.expanded(query), relevance=self.relevance)


_known: tuple[str, Shape] = ("", Shape())


def looked_up(query: SearchQuery) -> tuple[list[tuple[str, int]], Shape]:
    """The (kind, id) pinned for what was typed, oldest first, and the shape of now, in one statement.

    Nothing is pinned once the viewer narrows, reorders or turns pages.
    """
    nothing = Value("")
    rows = Shaping.objects.values_list(nothing, Value(0), "pk", "stamp")
    if query.text and query.page == 1 and query.sort == "relevance" and not query.has_filters:
        pins = Pin.objects.filter(key=Fingerprint.made(normalised(query.text))).order_by()
        rows = rows.union(pins.values_list("kind", "object_id", "pk", nothing), all=True)
    found = sorted(rows, key=lambda row: row[2])
    stamp = next((stamp for kind, _id, _pk, stamp in found if not kind), "")
    return [(kind, pk) for kind, pk, _pk, _stamp in found if kind], _shape(stamp)


def current() -> Shape:
    """The shape for what no person typed into the box (related, asked before): at most a minute old."""
    stamp = cache.get(_KEY)
    if stamp is None:
        stamp = Shaping.objects.values_list("stamp", flat=True).first() or ""
        cache.set(_KEY, stamp, _SECONDS)
    return _shape(stamp)


def changed() -> None:
    """Call it first in every service that changes what shapes searches: others that change it wait until it is done."""
    Shaping.objects.update_or_create(pk=1, defaults={"stamp": secrets.token_hex(16)})
    transaction.on_commit(lambda: cache.delete(_KEY))


def _shape(stamp: str) -> Shape:
    global _known
    known = _known
    if known[0] != stamp:
        known = (stamp, _read())
        _known = known
    return known[1]


def _read() -> Shape:
    saved = RelevanceVersion.objects.order_by("-pk").values_list("weights", flat=True).first() or {}
    try:
        relevance = relevance_of(saved)
    except ValidationError as error:  # saved by another version of the program
        logger.warning("The saved relevance is not used: %s", error)
        relevance = DEFAULT
    return Shape(Thesaurus.of(Synonyms.objects.order_by("pk").values_list("words", "meant")), relevance)
