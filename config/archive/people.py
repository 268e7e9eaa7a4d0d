"""members.jsonl, and the authors that other rows name: each becomes a person without e-mail or password."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.services.archive import PersonRow, SoundPerson, people_import, person_check
from config.archive import ids
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Settings, Stored
from config.archive.report import Report
from config.models import ImportedId

KIND = "member"


@dataclass(slots=True)
class MemberItem(Item):
    person: PersonRow | None = None


class MemberImporter(Importer):
    name = "members"
    kind = KIND
    is_written_before = True

    def __init__(self, settings: Settings, report: Report, authors: Authors) -> None:
        super().__init__(settings, report)
        self.authors = authors
        self._ids: dict[str, int] = {}

    def prepare(self, row: Row) -> MemberItem:
        username = row.text("username", limit=150)
        joined = row.moment("joined") or row.moment("first_post") or row.moment("created")
        person = PersonRow(
            source_key=ids.source_key(self.settings.source, KIND, username),
            name=username,
            display_name=row.text("name", limit=150, required=False),
            headline=row.text("headline", limit=400, required=False),
            about=row.text("about", limit=2_000, required=False),
            joined_at=joined,
        )
        return MemberItem(source_id=username, address="", urls=row.addresses(), person=person)

    def check(self, item: Item) -> None:
        assert isinstance(item, MemberItem) and item.person  # noqa: S101 (what prepare made)
        person_check(item.person)

    def before_batch(self, items: Sequence[Item]) -> None:
        """All new people of a batch in one go; `store` then only looks them up."""
        if self.settings.is_dry:
            return
        sound: list[SoundPerson] = []
        for item in items:
            try:
                sound.append(person_check(item.person))  # type: ignore[attr-defined]
            except ValidationError:  # store meets the same problem and names it
                continue
        self._ids = people_import(people=sound)

    def store(self, item: Item) -> Stored:
        assert isinstance(item, MemberItem) and item.person  # noqa: S101 (what prepare made)
        if item.person.source_key not in self._ids:
            self.check(item)
        return Stored(self._ids[item.person.source_key], "new")

    def promise(self, item: Item) -> None:
        self.authors.promise(item.source_id)


class Authors:
    """The people whom a batch of rows names, by their name over there. Unknown ones are added as members."""

    def __init__(self, source: str, report: Report, *, is_dry: bool) -> None:
        self.source, self.report, self.is_dry = source, report, is_dry
        self._ids: dict[str, int] = {}
        self._promised: set[str] = set()

    def load(self, names: Iterable[tuple[str, datetime | None]]) -> None:
        """Make every one of these known to `id_of`. With each name goes the time of what it wrote."""
        first: dict[str, datetime | None] = {}
        for name, at in names:
            if name and (name not in first or (at and (first[name] is None or at < first[name]))):  # type: ignore[operator]
                first[name] = at
        here = ids.known(self.source, KIND, first)
        self._ids = {name: row.target_id for name, row in here.items()}
        missing = {name: at for name, at in first.items() if name not in here}
        if self.is_dry:
            self.report.count("members", "new", len(missing.keys() - self._promised))
            self._promised |= missing.keys()
        elif missing:
            self._add(missing)

    def promise(self, name: str) -> None:
        """In a dry run: this member comes from the members' file."""
        self._promised.add(name)

    def forget(self) -> None:
        self._ids.clear()

    def id_of(self, name: str) -> int | None:
        return self._ids.get(name) if name else None

    def ids_of(self, names: Iterable[str]) -> list[int]:
        return list(dict.fromkeys(pk for name in names if (pk := self.id_of(name)) is not None))

    def _add(self, missing: dict[str, datetime | None]) -> None:
        rows = {
            name: PersonRow(source_key=ids.source_key(self.source, KIND, name), name=name, joined_at=at)
            for name, at in missing.items()
        }
        made = people_import(people=[person_check(row) for row in rows.values()])
        self._ids |= {name: made[row.source_key] for name, row in rows.items()}
        ids.remember_all(
            [ImportedId(source=self.source, kind=KIND, source_id=name, target_id=self._ids[name]) for name in rows]
        )
        self.report.count("members", "new", len(rows))
