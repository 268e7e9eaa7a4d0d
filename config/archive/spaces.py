"""spaces.jsonl, and the categories that threads name: each a space, made once, reused where its address exists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import Group
from django.utils.text import slugify

from accounts.models import Audience, Organisation
from accounts.text import clean_line
from accounts.viewer import system_viewer
from community.forums.models import Kind
from community.spaces.models import Space
from community.spaces.services import space_create
from config.archive import ids
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Settings, Stored
from config.archive.report import Report

KIND: Final = "space"
NAMELESS: Final = "imported"
_KINDS: Final = [Kind.QUESTION, Kind.DISCUSSION, Kind.IDEA]
_COLOURS: Final = tuple(Space.Colour.values)


@dataclass(slots=True)
class SpaceItem(Item):
    slug: str = ""
    name: str = ""
    purpose: str = ""
    audience: str = Audience.PUBLIC
    groups: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    colour: str = ""
    icon: str = ""
    position: int = 100


def address_of(category: str, prefix: str) -> str:
    """A space's address from a category's name: letters, digits and hyphens, at most 60 in all."""
    words = slugify(category) or slugify(re.sub(r"\W+", "-", category), allow_unicode=False) or NAMELESS
    return "-".join(part for part in (slugify(prefix), words) if part)[:60].strip("-")


class SpaceImporter(Importer):
    name = "spaces"
    kind = KIND

    def __init__(self, settings: Settings, report: Report, categories: Categories) -> None:
        super().__init__(settings, report)
        self.categories = categories

    def prepare(self, row: Row) -> SpaceItem:
        slug = row.text("slug", limit=60)
        return SpaceItem(
            source_id=slug,
            urls=row.addresses(),
            slug=address_of(slug, self.settings.space_prefix),
            name=row.text("name", limit=80),
            purpose=row.text("purpose", limit=300, required=False),
            audience=row.choice("audience", tuple(Audience.values), Audience.STAFF),
            groups=tuple(row.words("groups")),
            organisations=tuple(row.words("organisations")),
            kinds=tuple(kind for kind in row.words("kinds") if kind in Kind.values) or tuple(_KINDS),
            colour=row.choice("colour", _COLOURS, Space.Colour.TEAL),
            icon=row.text("icon", limit=40, required=False) or "messages-square",
            position=row.count("position") or 100,
        )

    def check(self, item: Item) -> None:
        assert isinstance(item, SpaceItem)  # noqa: S101 (what prepare made)
        clean_line(item.name, field="name", limit=80)
        clean_line(item.purpose, field="purpose", limit=300, required=False)

    def store(self, item: Item) -> Stored:
        assert isinstance(item, SpaceItem)  # noqa: S101 (what prepare made)
        here = Space.objects.filter(slug=item.slug).first()
        if here:
            item.notes.append(("slug", f"names a space that is here already; its threads go into “{here.name}”"))
            return Stored(here.pk, "same")
        space = space_create(
            viewer=system_viewer(), name=item.name, slug=item.slug, purpose=item.purpose, audience=item.audience,
            groups=list(Group.objects.filter(name__in=item.groups).values_list("pk", flat=True)),
            organisations=list(Organisation.objects.filter(name__in=item.organisations).values_list("pk", flat=True)),
            kinds=item.kinds, colour=item.colour, icon=item.icon, position=item.position,
        )  # fmt: skip
        return Stored(space.pk, "new")

    def promise(self, item: Item) -> None:
        self.categories.promise(item.source_id)


class Categories:
    """The spaces of a batch of threads, by category. One that no row describes is opened on the way."""

    def __init__(self, settings: Settings, report: Report) -> None:
        self.settings, self.report = settings, report
        self._spaces: dict[str, Space] = {}
        self._promised: set[str] = set()

    def load(self, categories: Iterable[str]) -> None:
        wanted = {category or NAMELESS for category in categories} - self._spaces.keys()
        here = ids.known(self.settings.source, KIND, wanted)
        spaces = Space.objects.in_bulk([row.target_id for row in here.values()])
        for category in sorted(wanted):
            row = here.get(category)
            if row and row.target_id in spaces:
                self._spaces[category] = spaces[row.target_id]
            else:
                self._open(category)

    def promise(self, category: str) -> None:
        """In a dry run: this space comes from the spaces' file."""
        self._promised.add(address_of(category, self.settings.space_prefix))

    def forget(self) -> None:
        self._spaces.clear()

    def space_of(self, category: str) -> Space:
        return self._spaces[category or NAMELESS]

    def _open(self, category: str) -> None:
        slug = address_of(category, self.settings.space_prefix)
        space = Space.objects.filter(slug=slug).first()
        if self.settings.is_dry:
            if space is None and slug not in self._promised:
                self._promised.add(slug)
                self.report.count("spaces", "new")
            return
        if space is None:
            name = re.sub(r"[-_\s]+", " ", category).strip()
            space = space_create(
                viewer=system_viewer(), name=(name[:1].upper() + name[1:])[:80] or slug, slug=slug, kinds=_KINDS,
                audience=self.settings.open_to,
                colour=_COLOURS[sum(slug.encode()) % len(_COLOURS)],
            )  # fmt: skip
            self.report.count("spaces", "new")
        self._spaces[category] = space
        ids.remember(self.settings.source, KIND, category, target_id=space.pk)
