"""What an asker read before they asked: kept in the session while they look, and shown to staff beside the question."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from accounts.viewer import Viewer
from community.forums.models import ReadBefore, Topic
from community.forums.panels import Panel
from search.sources import Card, source_for

KEY: Final = "read_before_asking"
MOST: Final = 20


def remember(session: Any, kind: str, pk: int) -> None:
    """The asker opened this from the ask form."""
    read = [thing for thing in session.get(KEY, []) if thing != [kind, pk]]
    session[KEY] = [*read, [kind, pk]][-MOST:]


def read_by(session: Any) -> list[tuple[str, int]]:
    """What was opened since the last question, in order."""
    return [(str(kind), int(pk)) for kind, pk in session.get(KEY, [])]


def forget(session: Any) -> None:
    """The question is asked; the next one starts anew."""
    session.pop(KEY, None)


def card_for(viewer: Viewer, kind: str, pk: int) -> Card | None:
    """The thing as this viewer may see it, or None."""
    source = source_for(kind)
    return source.cards([pk], viewer).get(pk) if source is not None and source.is_offered else None


def panel(viewer: Viewer, topic: Topic) -> Panel | None:
    """For staff: what did not help. One statement, and one or two a kind where there is something."""
    if not viewer.is_staff or not topic.is_solvable:
        return None
    read = list(ReadBefore.objects.filter(topic=topic).values_list("kind", "object_id"))
    by_kind = defaultdict(list)
    for kind, pk in read:
        by_kind[kind].append(pk)
    cards: dict[tuple[str, int], Card] = {}
    for kind, pks in by_kind.items():
        source = source_for(kind)
        found = source.cards(pks, viewer) if source is not None else {}
        cards |= {(kind, pk): card for pk, card in found.items()}
    shown = [cards[thing] for thing in read if thing in cards]
    return Panel("forums/_read_before.html", {"cards": shown}) if shown else None
