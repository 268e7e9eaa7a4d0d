"""What every import command does: settings, progress, the run, and a report that says what came of it."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from accounts.events import worker
from config.archive.importer import Settings
from config.archive.report import OUTCOMES, Report
from config.archive.run import NAMES, Busy, Run
from search.models import DirtyMark


class ImportCommand(BaseCommand):
    """A subclass says where the archive is; the rest is the same for every source."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
        parser.add_argument("--source", default="", metavar="NAME", help="name of the source; the folder's by default")

    def source_of(self, path: Path, source: str) -> str:
        """The name under which ids are remembered, in the form that it may have."""
        return re.sub(r"[^\w.-]+", "-", source or path.resolve().name)[:40].strip("-.") or "archive"

    def bring(self, folder: Path, settings: Settings, bar: Progress, *, only: Sequence[str] = ()) -> Run:
        """Run the import of an archive's folder; returns the finished run."""
        run = Run(folder, settings, only=only, progress=Tasks(bar))
        if not run.files:
            raise CommandError(f"Nothing to import in {folder}: it has none of {', '.join(NAMES)} as .jsonl[.gz].")
        self.before(run)
        try:
            run()
        except Busy:
            raise CommandError("Another import of this source is running.") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run it again to go on from here.") from None
        return run

    def before(self, run: Run) -> None:
        """What is to be told to the run before it starts."""

    def finish(self, run: Run, started: float) -> None:
        """Make everything findable, and say how long it all took."""
        report = run.report
        if not report.total("new", "changed", "same"):
            raise CommandError("Nothing could be read.")
        if not run.settings.is_dry and (report.total("new", "changed") or run.rewritten):
            self.stdout.write("Making everything findable …")
            worker.drain()
            if left := DirtyMark.objects.count():
                self.stdout.write(f"{left:,} documents are not in the index yet; the worker goes on trying.")
            self.stdout.write(self.style.SUCCESS(f"Done in {time.monotonic() - started:.0f} s."))

    def say(self, console: Console, run: Run, seconds: float) -> None:
        """The counts, the examples of what was left out, and where the rest is written."""
        report = run.report
        for warning in run.warnings:
            console.print(f"Mind: {warning}.", markup=False, soft_wrap=True)
        for file, line in run.resumed.items():
            console.print(f"{file}: went on after line {line:,}, where the last run was stopped.", markup=False)
        console.print(outcomes(report))
        rows = report.total("new", "changed")
        verb = "would be written" if run.settings.is_dry else "written"
        pace = f" ({rows / seconds:,.0f} a second)" if rows and seconds >= 1 else ""
        took = f"{rows:,} rows {verb} in {seconds:.1f} s{pace}; links rewritten in {run.rewritten:,} texts."
        console.print(took, markup=False, soft_wrap=True)
        for example in report.examples:
            console.print(f"  left out: {example}", markup=False, soft_wrap=True)
        if report.total("bad") > len(report.examples):
            console.print(f"  … {report.total('bad'):,} rows were left out in all.", markup=False)
        if report.path.stat().st_size:
            console.print(f"Every row that was left out or changed is in {report.path}", markup=False, soft_wrap=True)


def outcomes(report: Report) -> Table:
    table = Table("", *OUTCOMES)
    for kind, counts in report.counts.items():
        table.add_row(kind, *(f"{counts[outcome]:,}" for outcome in OUTCOMES))
    return table


def bar_on(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<12}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip


class Tasks:
    """One line a file on the screen."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.tasks: dict[str, Any] = {}

    def __call__(self, name: str, done: int, total: int) -> None:
        if name not in self.tasks:
            self.tasks[name] = self.bar.add_task(name, total=total)
        self.bar.update(self.tasks[name], completed=done)
