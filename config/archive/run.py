"""A whole import: file after file, batch after batch, each batch one transaction together with its checkpoint."""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, reset_queries, transaction

from accounts.events import services as events
from accounts.models import Audience
from community.reputation.services import recount_standings
from config.archive import ids, late, manifest, reader
from config.archive.addresses import AddressBook, Kind
from config.archive.articles import ArticleImporter, WikiImporter
from config.archive.fields import Row
from config.archive.ideas import IdeaImporter
from config.archive.importer import Importer, Item, Settings, Stored
from config.archive.parts import PARTS
from config.archive.parts.base import Ground
from config.archive.people import Authors, MemberImporter
from config.archive.problem import RowProblem, problem_from
from config.archive.report import OUTCOMES, Report
from config.archive.rewrite import rewrite_links
from config.archive.sections import SectionImporter
from config.archive.spaces import Categories, SpaceImporter
from config.archive.threads import ThreadImporter
from config.models import ImportCheckpoint, ImportedId

NAMES: Final = (
    "spaces", "sections", "members", *(part.name for part in PARTS if part.is_early), "articles", "wiki", "threads",
    "ideas", *(part.name for part in PARTS if not part.is_early),
)  # fmt: skip
# What a file stands on: read as well, where it is there, when only the other one is asked for.
_NEEDS: Final = {"articles": "sections", "wiki": "sections", "threads": "spaces", "ideas": "spaces"}
# What a file's rows are when somebody comes by an old address.
_STAND_AT: Final[dict[str, str]] = {
    "spaces": Kind.SPACE, "members": Kind.MEMBER, "articles": Kind.ARTICLE, "wiki": Kind.WIKI, "threads": Kind.TOPIC,
    "ideas": Kind.TOPIC,
}  # fmt: skip
BATCH_ROWS: Final = 1_000
BATCH_LINES: Final = 500
BATCH_BYTES: Final = 4_000_000
Progress = Callable[[str, int, int], None]


class Busy(Exception):
    """Another import of this source runs at the moment."""


class Run:
    """`progress(name, bytes_read, bytes_in_all)` is called after every batch."""

    def __init__(self, folder: Path, settings: Settings, *, only: Sequence[str] = (), progress: Progress) -> None:
        self.folder, self.progress = folder, progress
        wanted = set(only or NAMES)
        wanted |= {_NEEDS[name] for name in wanted & _NEEDS.keys()}
        found = {name: reader.find(folder, name) for name in NAMES if name in wanted}
        self.files = {name: path for name, path in found.items() if path}
        if reader.find(folder, "spaces") or reader.find(folder, "sections"):
            settings = replace(settings, open_to=Audience.STAFF)
        self.settings = settings
        self.resumed: dict[str, int] = {}
        self.warnings: list[str] = []
        self.rewritten = 0
        self.report = self._report()
        self.importers = self._importers()

    def __call__(self) -> Report:
        """Import everything. Raises Busy; whatever else stops it, running it again goes on from there."""
        with _alone(self.settings.source), events.quietly():
            self.warnings = list(manifest.differences(self.folder, list(self.files.values())))
            for name, path in self.files.items():
                _File(self, self.importers[name], path)()
            if not self.settings.is_dry:
                self._finish()
        return self.report

    def _finish(self) -> None:
        late.lead_on(self.settings.source)
        self.rewritten = rewrite_links(self.settings.source, progress=self.progress)
        recount_standings()  # quiet events credit nobody; what people did elsewhere counts from here on
        # The next run reads every line again and compares.
        ImportCheckpoint.objects.filter(source=self.settings.source, name__in=self.files).update(is_finished=True)

    def _report(self) -> Report:
        ending = ".dry-run.jsonl" if self.settings.is_dry else ".jsonl"
        path = Path(django_settings.DATA_DIR) / "imports" / f"{self.settings.source}{ending}"
        return Report(path, keep=self.is_resumed)

    @property
    def is_resumed(self) -> bool:
        """Whether it goes on where another run was stopped; its report is kept then."""
        return not self.settings.is_dry and self._is_under_way()

    def _is_under_way(self) -> bool:
        checkpoints = ImportCheckpoint.objects.filter(source=self.settings.source, name__in=self.files)
        return checkpoints.filter(is_finished=False).exists()

    def _importers(self) -> dict[str, Importer]:
        authors = Authors(self.settings.source, self.report, is_dry=self.settings.is_dry)
        categories = Categories(self.settings, self.report)
        articles = ArticleImporter(self.settings, self.report, authors)
        wiki = WikiImporter(self.settings, self.report, authors)
        members = MemberImporter(self.settings, self.report, authors)
        return {
            "spaces": SpaceImporter(self.settings, self.report, categories),
            "sections": SectionImporter(self.settings, self.report, {"kb": articles.sections, "wiki": wiki.sections}),
            "members": members,
            "articles": articles,
            "wiki": wiki,
            "threads": ThreadImporter(self.settings, self.report, authors, categories),
            "ideas": IdeaImporter(self.settings, self.report, authors, categories),
            **{part.name: part.importer(Ground(self.settings, self.report, authors, self.folder)) for part in PARTS},
        }


class _File:
    """One file of a run, from where the last run left it."""

    def __init__(self, run: Run, importer: Importer, path: Path) -> None:
        self.importer, self.path, self.report, self.settings = importer, path, run.report, run.settings
        self.run, self.name = run, path.name
        self.checkpoint = self._checkpoint()
        self.saved = self._counts()

    def __call__(self) -> None:
        with reader.opened(self.path) as source:
            for batch in _batches(self._prepared(source.lines(after=self.checkpoint.line))):
                self._take(batch)
                reset_queries()  # with DEBUG on, Django keeps every statement
                self.run.progress(self.importer.name, source.position, source.length)

    def _checkpoint(self) -> ImportCheckpoint:
        found = reader.fingerprint(self.path)
        fresh = ImportCheckpoint(source=self.settings.source, name=self.importer.name, fingerprint=found)
        if self.settings.is_dry:
            return fresh
        here = ImportCheckpoint.objects.filter(source=self.settings.source, name=self.importer.name).first()
        if here is None:
            return fresh
        if here.is_finished or here.fingerprint != found:
            fresh.pk = here.pk
            return fresh
        self.run.resumed[self.name] = here.line
        self.report.forget_after(self.name, here.line)
        for kind, counts in here.counts.items():
            for outcome, number in counts.items():
                self.report.count(kind, outcome, number)
        return here

    def _prepared(self, lines: Iterator[reader.Line]) -> Iterator[tuple[reader.Line, Item | None]]:
        for line in lines:
            if line.values is None:
                self._bad(line.number, RowProblem("", line.problem))
                yield line, None
                continue
            try:
                item = self.importer.prepare(Row(line.values))
            except RowProblem as problem:
                self._bad(line.number, problem, values=line.values)
                yield line, None
                continue
            except Exception as error:  # no row may stop the run
                self._bad(line.number, RowProblem("", f"cannot be read: {error!r:.300}"), values=line.values)
                yield line, None
                continue
            item.line, item.digest = line.number, line.digest
            yield line, item

    def _take(self, batch: list[tuple[reader.Line, Item | None]]) -> None:
        before = self._counts()
        items = self._once([item for _line, item in batch if item is not None])
        with transaction.atomic(), events.gathered():
            known = ids.known(self.settings.source, self.importer.kind, [item.source_id for item in items])
            fresh = [item for item in items if not _is_same(item, known.get(item.source_id))]
            singly = not self._ready(fresh, before)
            self.noted: list[ImportedId] = []
            self.book = AddressBook(self.settings.source)
            for item in items:
                self._take_one(item, known.get(item.source_id), singly=singly)
            ids.remember_all(self.noted)
            self.book.save()
            if not self.settings.is_dry:
                self._save_checkpoint(batch[-1][0].number)

    def _ready(self, items: list[Item], before: dict[str, Counter[str]]) -> bool:
        """Prepare for a batch at once; False when one of its rows spoils that and they must go one by one."""
        try:
            with transaction.atomic(), events.gathered():
                self.importer.before_batch(items)
        except (ValidationError, IntegrityError, DataError):
            self.importer.forget()
            self.report.counts = before
            return False
        return True

    def _once(self, items: list[Item]) -> list[Item]:
        seen: set[str] = set()
        kept = []
        for item in items:
            if item.source_id in seen:
                problem = RowProblem("id", f"“{item.source_id}” is used twice in this file")
                self._bad(item.line, problem, row=item.source_id, replies=item.size - 1)
            else:
                seen.add(item.source_id)
                kept.append(item)
        return kept

    def _take_one(self, item: Item, known: ids.Known | None, *, singly: bool) -> None:
        if _is_same(item, known):
            assert known  # noqa: S101 (same as what it is known by)
            self.importer.count(item, Stored(known.target_id, "same"))
            return
        try:
            with _guard(is_needed=singly or not self.importer.is_written_before):
                if singly:
                    self.importer.before_batch([item])
                stored = self._dry(item, known) if self.settings.is_dry else self._write(item, known)
        except (RowProblem, ValidationError, IntegrityError, DataError) as error:
            if singly:
                self.importer.forget()
            self._bad(item.line, problem_from(error), row=item.source_id, replies=item.size - 1)
        else:
            self.importer.count(item, stored)
            for field, why in item.notes:
                self.report.note(self.name, item.line, field, why, row=item.source_id, is_bad=False)

    def _write(self, item: Item, known: ids.Known | None) -> Stored:
        if known is None:
            stored = self.importer.store(item)
        elif known.digest:
            stored = self.importer.change(item, known.target_id)
        else:  # it was made on the way to another row, as the author of a thread or its space
            stored = Stored(known.target_id, "same")
        self.noted.append(
            ImportedId(
                source=self.settings.source, kind=self.importer.kind, source_id=item.source_id,
                target_id=stored.target_id, digest=item.digest, address=item.address, has_links=stored.has_links,
            )
        )  # fmt: skip
        self.noted += late.waiting(self.settings.source, item.source_id, stored)
        self._note_addresses(item, stored)
        return stored

    def _note_addresses(self, item: Item, stored: Stored) -> None:
        if self.importer.name not in _STAND_AT:
            return
        for target, urls in self.importer.addresses(item, stored):
            self.book.note(Kind.POST if isinstance(target, str) else _STAND_AT[self.importer.name], target, urls)

    def _dry(self, item: Item, known: ids.Known | None) -> Stored:
        self.importer.check(item)
        self.importer.promise(item)
        if known is None:
            return Stored(0, "new")
        return self.importer.would_change(item, known.target_id) if known.digest else Stored(known.target_id, "same")

    def _counts(self) -> dict[str, Counter[str]]:
        return {kind: counter.copy() for kind, counter in self.report.counts.items()}

    def _save_checkpoint(self, line: int) -> None:
        """The counts of this file alone, so that a run that goes on later can add to them."""
        counts = self.checkpoint.counts
        for kind, counter in self.report.counts.items():
            for outcome in OUTCOMES:
                more = counter[outcome] - self.saved.get(kind, {}).get(outcome, 0)
                if more:
                    counts.setdefault(kind, {})[outcome] = counts.get(kind, {}).get(outcome, 0) + more
        self.checkpoint.line = line
        self.checkpoint.save()
        self.saved = self._counts()

    def _bad(
        self, line: int, problem: RowProblem, *, row: str = "", values: dict | None = None, replies: int = 0
    ) -> None:
        """A row is left out; its replies are lost with it, and counted too."""
        if values is not None:
            given = values.get("replies")
            row, replies = _row_name(values), len(given) if isinstance(given, list) else 0
        self.report.count(self.importer.name, "bad")
        self.report.count("replies", "bad", replies)
        self.report.note(self.name, line, problem.field, problem.why, row=row)


def _is_same(item: Item, known: ids.Known | None) -> bool:
    return known is not None and known.digest == item.digest


def _row_name(values: dict) -> str:
    return str(values.get("id") or values.get("slug") or values.get("username") or "")[:200]


def _batches(prepared: Iterator[tuple[reader.Line, Item | None]]) -> Iterator[list[tuple[reader.Line, Item | None]]]:
    """Lines until one of the three limits is reached, so that neither memory nor a transaction grows with the file."""
    batch: list[tuple[reader.Line, Item | None]] = []
    rows = size = 0
    for line, item in prepared:
        batch.append((line, item))
        rows += item.size if item else 1
        size += line.size
        if rows >= BATCH_ROWS or len(batch) >= BATCH_LINES or size >= BATCH_BYTES:
            yield batch
            batch, rows, size = [], 0, 0
    if batch:
        yield batch


@contextmanager
def _guard(*, is_needed: bool) -> Iterator[None]:
    """What a row writes is undone, events and all, when it fails."""
    if not is_needed:
        yield
        return
    with transaction.atomic(), events.gathered():
        yield


@contextmanager
def _alone(source: str) -> Iterator[None]:
    """One import of a source at a time on this machine; the lock goes with the process, however it ends."""
    path = Path(django_settings.DATA_DIR) / "imports" / f"{source}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy from error
        yield
