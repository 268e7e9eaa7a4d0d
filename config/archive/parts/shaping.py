"""shaping.jsonl: what staff made of all searches: lines of synonyms, pins, and the weights that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError

from accounts.viewer import system_viewer
from config.archive import ids
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground, Part, Rows, Scope
from config.archive.problem import RowProblem
from search.models import Pin, Synonyms
from search.parser import MOST_CHARACTERS
from search.portable import FORMAT, shaping_take
from search.tuning import weights_saved

_KINDS: Final = ("topic", "idea", "article", "wiki")  # what has a row of its own in an archive
_CHUNK = 500


@dataclass(slots=True)
class ShapingItem(Item):
    rule: str = ""
    text: str = ""
    of: str = ""
    thing: str = ""
    weights: dict[str, Any] = field(default_factory=dict)


class ShapingPart(Part):
    name = "shaping"

    def rows(self, scope: Scope) -> Rows:
        for row in Synonyms.objects.order_by("pk"):
            yield {"id": f"synonyms {row.pk}", "rule": str(row)}
        for pin in Pin.objects.filter(kind__in=_KINDS).order_by("pk").iterator(chunk_size=_CHUNK):
            yield {"id": f"pin {pin.pk}", "text": pin.text, "kind": pin.kind, "thing": str(pin.object_id)}
        if weights := weights_saved():
            yield {"id": "weights", "weights": weights}

    def importer(self, ground: Ground) -> ShapingImporter:
        return ShapingImporter(ground)


class ShapingImporter(Importer):
    name = kind = ShapingPart.name

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.things: dict[tuple[str, str], int] = {}

    def prepare(self, row: Row) -> ShapingItem:
        item = ShapingItem(
            source_id=row.key("id"), rule=row.text("rule", limit=1_500, required=False),
            text=row.text("text", limit=MOST_CHARACTERS, required=False), of=row.choice("kind", _KINDS, ""),
            thing=row.key("thing", required=False), weights=self._weights(row),
        )  # fmt: skip
        if sum(map(bool, (item.rule, item.text and item.of and item.thing, item.weights))) != 1:
            raise row.refuse("rule", "or weights, or text with kind and thing must be given, and one of them only")
        return item

    @staticmethod
    def _weights(row: Row) -> dict[str, Any]:
        weights = row.values.get("weights")
        if weights is not None and not isinstance(weights, dict):
            raise row.refuse("weights", "must be an object")
        return weights or {}

    def check(self, item: Item) -> None:
        """Whether words clash with those of another line shows only among the lines that are here."""

    def before_batch(self, items: Sequence[Item]) -> None:
        self.things = {}
        for kind in _KINDS:
            own = [item.thing for item in items if isinstance(item, ShapingItem) and item.of == kind]
            found = ids.known(self.settings.source, kind, own) if own else {}
            self.things |= {(kind, thing): row.target_id for thing, row in found.items()}

    def store(self, item: Item) -> Stored:
        assert isinstance(item, ShapingItem)  # noqa: S101 (what prepare made)
        document: dict[str, Any] = {"format": FORMAT}
        if item.rule:
            document["synonyms"] = [item.rule]
        elif item.weights:
            document["relevance"] = item.weights
        elif target := self.things.get((item.of, item.thing)):
            document["pins"] = [{"text": item.text, "kind": item.of, "id": target}]
        else:
            raise RowProblem("thing", "names nothing that came in from this archive")
        try:
            shaping_take(viewer=system_viewer(), document=document)
        except ValidationError as error:
            raise RowProblem(
                "rule" if item.rule else "weights" if item.weights else "text",
                " ".join(error.messages),
            ) from None
        return Stored(0, "new")
