"""sections.jsonl, and the sections that articles and wiki pages name: made once, found again by id or address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.utils.text import slugify

from accounts.models import Audience, Organisation
from accounts.text import clean_line
from accounts.viewer import system_viewer
from config.archive import ids
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Settings, Stored
from config.archive.report import Report
from knowledge.models import SectionPage
from knowledge.services import section_create
from knowledge.tree import KB, WIKI, url_path_of
from search import languages


@dataclass(slots=True)
class SectionItem(Item):
    index: str = KB
    title: str = ""
    intro: str = ""
    language: str = ""
    audience: str = Audience.STAFF
    groups: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


class SectionImporter(Importer):
    """Its ids are `kb:Title` and `wiki:Title`, because pages name their section by its title."""

    name = "sections"
    kind = "section"

    def __init__(self, settings: Settings, report: Report, indexes: Mapping[str, Sections]) -> None:
        super().__init__(settings, report)
        self.indexes = indexes

    def prepare(self, row: Row) -> SectionItem:
        index = row.choice("index", (KB, WIKI), KB)
        title = " ".join(row.text("title", limit=80).split())
        return SectionItem(
            source_id=f"{index}:{title}", index=index, title=title,
            intro=row.text("intro", limit=300, required=False),
            language=languages.near_to(row.text("locale", limit=20, required=False)),
            audience=row.choice("audience", tuple(Audience.values), Audience.STAFF),
            groups=tuple(row.words("groups")), organisations=tuple(row.words("organisations")),
        )  # fmt: skip

    def check(self, item: Item) -> None:
        assert isinstance(item, SectionItem)  # noqa: S101 (what prepare made)
        clean_line(item.title, limit=80)
        clean_line(item.intro, field="intro", limit=300, required=False)

    def store(self, item: Item) -> Stored:
        assert isinstance(item, SectionItem)  # noqa: S101 (what prepare made)
        here = section_at(item.index, item.title)
        if here:
            item.notes.append(("title", f"names a section that is here already; its pages go into “{here.title}”"))
            return Stored(here.pk, "same")
        section = section_create(
            viewer=system_viewer(), index=item.index, title=item.title, intro=item.intro, language=item.language,
            audience=item.audience,
            groups=list(Group.objects.filter(name__in=item.groups).values_list("pk", flat=True)),
            organisations=list(Organisation.objects.filter(name__in=item.organisations).values_list("pk", flat=True)),
        )  # fmt: skip
        return Stored(section.pk, "new")

    def promise(self, item: Item) -> None:
        assert isinstance(item, SectionItem)  # noqa: S101 (what prepare made)
        self.indexes[item.index].promise(item.title)


class Sections:
    """The sections of one index, by title, for a batch of pages. One that no row describes is opened on the way."""

    def __init__(self, settings: Settings, report: Report, index: str) -> None:
        self.settings, self.report, self.index = settings, report, index
        self._sections: dict[str, SectionPage] = {}
        self._promised: set[str] = set()

    def load(self, titles: Iterable[str]) -> None:
        for title in sorted(set(titles) - self._sections.keys()):
            section = self._here(title)
            if section is None and self.settings.is_dry:
                self._count_promise(title)
            elif section is None:
                section = section_create(
                    viewer=system_viewer(), index=self.index, title=title, audience=self.settings.open_to
                )
                self.report.count("sections", "new")
                source_id = f"{self.index}:{title}"
                ids.remember(self.settings.source, SectionImporter.kind, source_id, target_id=section.pk)
            if section is not None:
                self._sections[title] = section

    def promise(self, title: str) -> None:
        """In a dry run: this section comes from the sections' file."""
        self._promised.add(title)

    def forget(self) -> None:
        self._sections.clear()

    def section_of(self, title: str) -> SectionPage:
        return self._sections[title]

    def _count_promise(self, title: str) -> None:
        if title not in self._promised:
            self._promised.add(title)
            self.report.count("sections", "new")

    def _here(self, title: str) -> SectionPage | None:
        source_id = f"{self.index}:{title}"
        row = ids.known(self.settings.source, SectionImporter.kind, [source_id]).get(source_id)
        section = SectionPage.objects.filter(pk=row.target_id).first() if row else None
        return section or section_at(self.index, title)


def section_at(index: str, title: str) -> SectionPage | None:
    """The section whose address this title gives."""
    return SectionPage.objects.filter(url_path=url_path_of(index, slugify(title, allow_unicode=True))).first()
