"""Reading the queue. Each item is shown only with a card that its handler gives to this viewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from accounts.viewer import Viewer
from community.moderation.handlers import ReviewCard, handler_for
from community.moderation.models import Flag, ReviewDecision, ReviewItem

PAGE: Final = 20
MOST_COUNTED: Final = 500
HEAVY: Final = 6.0
NOTABLE: Final = 2.5


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the list."""

    item: ReviewItem
    card: ReviewCard

    @property
    def weight(self) -> str:
        """How loud its score is shown."""
        if self.item.score >= HEAVY:
            return "high"
        return "middle" if self.item.score >= NOTABLE else "low"


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """What a moderator wants to know of the author."""

    person: User | None
    kept: int = 0
    removed: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One item with all that is needed to judge it."""

    row: Row
    flags: list[Flag]
    decisions: list[ReviewDecision]
    author: AuthorRecord
    undoable: ReviewDecision | None = None

    @property
    def reason(self) -> str:
        """The reason with the most weight among the open flags, in words."""
        weights: dict[str, float] = defaultdict(float)
        for flag in self.flags:
            if flag.state == Flag.State.OPEN:
                weights[flag.get_reason_display()] += flag.weight
        return max(weights, key=lambda reason: weights[reason], default="")


def open_count(viewer: Viewer) -> int:
    """For the rail: how many open items the viewer may decide; no query for those without a queue."""
    return ReviewItem.objects.visible_to(viewer).open().order_by()[:MOST_COUNTED].count()


def queue(viewer: Viewer, *, decided: bool = False, page: int = 1) -> tuple[list[Row], Page]:
    """A page of the list: open by weight, decided by time. Two queries, and those of one `load` a target type."""
    items = ReviewItem.objects.visible_to(viewer).select_related("decided_by")
    items = items.decided().latest_decided_first() if decided else items.open().heaviest_first()
    found = Paginator(items, PAGE).get_page(page)
    return rows_of(viewer, found.object_list), found


def rows_of(viewer: Viewer, items: Iterable[ReviewItem]) -> list[Row]:
    """Items with their cards, in their order; without those that the viewer may not see."""
    items = list(items)
    ids: dict[str, list[int]] = defaultdict(list)
    for item in items:
        ids[item.target_type].append(item.target_id)
    cards = {kind: _cards(viewer, kind, its_ids) for kind, its_ids in ids.items()}
    found = ((item, cards[item.target_type].get(item.target_id)) for item in items)
    return [Row(item, card) for item, card in found if card is not None]


def _cards(viewer: Viewer, kind: str, ids: list[int]) -> dict[int, ReviewCard]:
    try:
        return handler_for(kind).load(ids, viewer)
    except Http404:
        return {}


def case_of(viewer: Viewer, item: ReviewItem) -> Case:
    """Everything about one item. Raises Http404 when the viewer may not see its target."""
    rows = rows_of(viewer, [item])
    if not rows:
        raise Http404
    flags = item.flags.select_related("reporter").order_by("state", "-weight", "pk")
    decisions = list(item.decisions.select_related("by", "undone_by")[:PAGE])
    return Case(
        row=rows[0],
        flags=sorted(flags[:100], key=lambda flag: flag.state != Flag.State.OPEN),
        decisions=decisions,
        author=_record_of(viewer, item),
        undoable=_undoable(item, decisions),
    )


def _undoable(item: ReviewItem, decisions: list[ReviewDecision]) -> ReviewDecision | None:
    standing = next((decision for decision in decisions if decision.undone_at is None), None)
    if standing is None or item.is_open or standing.undo_until < timezone.now():
        return None
    return standing


def _record_of(viewer: Viewer, item: ReviewItem) -> AuthorRecord:
    """How the author's items ended, in the spaces that this viewer reviews."""
    if item.author_id is None:
        return AuthorRecord(None)
    items = ReviewItem.objects.visible_to(viewer).filter(author_id=item.author_id).order_by("-pk")
    states = list(items.values_list("state", flat=True)[:MOST_COUNTED])
    person = User.objects.select_related("organisation").filter(pk=item.author_id).first()
    return AuthorRecord(person, states.count("kept"), states.count("removed"), states.count("open"))


def next_open(viewer: Viewer, *, after: ReviewItem | None = None) -> ReviewItem | None:
    """The item to look at next: the heaviest open one, the one just decided left out."""
    items = ReviewItem.objects.visible_to(viewer).open().heaviest_first()
    return items.exclude(pk=after.pk).first() if after else items.first()


def last_undoable(viewer: Viewer) -> ReviewDecision | None:
    """The viewer's own latest decision while it can still be undone."""
    mine = ReviewDecision.objects.filter(by_id=viewer.user_id, undo_until__gte=timezone.now())
    decision = mine.select_related("item").first()
    if decision is None or decision.undone_at is not None or decision.item.is_open:
        return None
    return decision
