"""spaces.jsonl, and the categories that threads name: each a space, made once, reused where its address exists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth.models import Group
from django.utils.text import slugify

from accounts.models import Audience, Organisation
from accounts.text import clean_line
from accounts.viewer import system_viewer
from community.forums.models import Kind
from community.spaces.models import Act, Space
from community.spaces.services import space_create
from community.spaces.settings import LONGEST_TEMPLATE, Who, cleaned
from config.archive import ids
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Settings, Stored
from config.archive.problem import RowProblem
from config.archive.report import Report
from search import languages

KIND: Final = "space"
OPENED: Final = "space-opened"  # those of `KIND` that the archive opened; the others were here before it
NAMELESS: Final = "imported"
_KINDS: Final = [Kind.QUESTION, Kind.DISCUSSION, Kind.IDEA]
_COLOURS: Final = tuple(Space.Colour.values)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do one act, as the archive names them."""

    by: str
    groups: tuple[str, ...]
    organisations: tuple[str, ...]


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
    parent: str = ""
    more: dict[str, Any] = field(default_factory=dict)  # further settings, as `community.spaces.settings` names them
    rules: dict[str, Rule] = field(default_factory=dict)


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
            parent=row.text("parent", limit=60, required=False),
            more=_more(row),
            rules={act.value: _rule(row, act.value) for act in Act if row.has(act.value)},
        )

    def check(self, item: Item) -> None:
        assert isinstance(item, SpaceItem)  # noqa: S101 (what prepare made)
        clean_line(item.name, field="name", limit=80)
        clean_line(item.purpose, field="purpose", limit=300, required=False)
        cleaned(item.more)  # type: ignore[arg-type]

    def store(self, item: Item) -> Stored:
        assert isinstance(item, SpaceItem)  # noqa: S101 (what prepare made)
        here = Space.objects.filter(slug=item.slug).first()
        if here:
            item.notes.append(("slug", f"names a space that is here already; its threads go into “{here.name}”"))
            return Stored(here.pk, "same")
        who: dict[str, Any] = {
            act: Who(rule.by, _groups(rule.groups), _companies(rule.organisations)) for act, rule in item.rules.items()
        }
        space = space_create(
            viewer=system_viewer(), name=item.name, slug=item.slug, purpose=item.purpose, audience=item.audience,
            groups=_groups(item.groups), organisations=_companies(item.organisations), kinds=item.kinds,
            colour=item.colour, icon=item.icon, position=item.position, parent=self._parent(item), **item.more, **who,
        )  # fmt: skip
        ids.remember(self.settings.source, OPENED, item.source_id, target_id=space.pk)
        return Stored(space.pk, "new")

    def _parent(self, item: SpaceItem) -> Space | None:
        """The space above. A part without it would be open to more people than it was, so it is refused."""
        if not item.parent:
            return None
        above = Space.objects.filter(slug=address_of(item.parent, self.settings.space_prefix)).first()
        if above is None:
            raise RowProblem("parent", f"names a space that is not here: “{item.parent}”")
        return above

    def promise(self, item: Item) -> None:
        self.categories.promise(item.source_id)


def _groups(names: Iterable[str]) -> tuple[int, ...]:
    return tuple(Group.objects.filter(name__in=names).values_list("pk", flat=True))


def _companies(names: Iterable[str]) -> tuple[int, ...]:
    return tuple(Organisation.objects.filter(name__in=names).values_list("pk", flat=True))


def _more(row: Row) -> dict[str, Any]:
    """The further settings that a row names; the service checks what they hold."""
    found: dict[str, Any] = {}
    if row.has("is_archived"):
        found["is_archived"] = row.flag("is_archived")
    if row.has("template"):
        found["template"] = row.text("template", limit=LONGEST_TEMPLATE, required=False)
    if row.has("locale"):
        found["language"] = languages.near_to(row.text("locale", limit=20, required=False))
    if isinstance(row.values.get("templates"), dict):
        found["templates"] = row.values["templates"]
    if row.has("default_order"):
        found["default_order"] = row.choice("default_order", tuple(Space.Order.values), Space.Order.LATEST)
    if row.has("joining"):
        found["joining"] = row.choice("joining", tuple(Space.Joining.values), Space.Joining.INVITATION)
    if row.has("tags_allowed"):
        found["tags_allowed"] = row.words("tags_allowed")
    if row.has("tags_least"):
        found["tags_least"] = row.count("tags_least")
    return found


def _rule(row: Row, act: str) -> Rule:
    """Whoever an act is for that is not told is staff: never more people than before."""
    given = row.values[act]
    if not isinstance(given, dict):
        raise row.refuse(act, "must be an object")
    inner = Row(given, f"{row.place}{act}.")
    return Rule(inner.choice("by", tuple(Audience.values), Audience.STAFF), tuple(inner.words("groups")),
                tuple(inner.words("organisations")))  # fmt: skip


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
            ids.remember(self.settings.source, OPENED, category, target_id=space.pk)
        self._spaces[category] = space
        ids.remember(self.settings.source, KIND, category, target_id=space.pk)
