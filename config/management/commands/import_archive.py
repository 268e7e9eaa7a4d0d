"""`manage.py import_archive DIR`: bring in a community from JSON Lines (config/archive/README.md has the form)."""

from __future__ import annotations

import re
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from accounts.events import worker
from config.archive.importer import Settings
from config.archive.report import OUTCOMES, Report
from config.archive.run import NAMES, Busy, Run
from search.models import DirtyMark


class Command(BaseCommand):
    help = "Bring in a community from JSON Lines. Safe to stop and to run again: it goes on where it was."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help=f"holds any of {', '.join(NAMES)} .jsonl[.gz]")
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
        parser.add_argument("--only", default="", metavar="members,threads,…", help="only these files")
        parser.add_argument("--source", default="", metavar="NAME", help="name of the source; the folder's by default")
        parser.add_argument("--space", default="", metavar="PREFIX", help="put before the address of every new space")

    def handle(self, *args, folder: Path, dry_run: bool, only: str, source: str, space: str, **options) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        names = [name.strip() for name in only.split(",") if name.strip()]
        if unknown := sorted(set(names) - set(NAMES)):
            raise CommandError(f"--only does not know {', '.join(unknown)}; choose from {', '.join(NAMES)}.")
        source = re.sub(r"[^\w.-]+", "-", source or folder.resolve().name)[:40].strip("-.") or "archive"
        started = time.monotonic()
        console = Console(file=self.stdout)
        settings = Settings(source=source, space_prefix=space, is_dry=dry_run)
        with _bar(console) as bar:
            run = Run(folder, settings, only=names, progress=_Tasks(bar))
            if not run.files:
                raise CommandError(f"Nothing to import in {folder}: it has none of {', '.join(NAMES)} as .jsonl[.gz].")
            report = self._run(run)
        self._say(console, run, report, time.monotonic() - started)
        if not report.total("new", "changed", "same"):
            raise CommandError("Nothing could be read.")
        if not dry_run and (report.total("new", "changed") or run.rewritten):
            self.stdout.write("Making everything findable …")
            worker.drain()
            if left := DirtyMark.objects.count():
                self.stdout.write(f"{left:,} documents are not in the index yet; the worker goes on trying.")
            self.stdout.write(self.style.SUCCESS(f"Done in {time.monotonic() - started:.0f} s."))

    def _run(self, run: Run) -> Report:
        try:
            return run()
        except Busy:
            raise CommandError("Another import of this source is running.") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run it again to go on from here.") from None

    def _say(self, console: Console, run: Run, report: Report, seconds: float) -> None:
        for file, line in run.resumed.items():
            console.print(f"{file}: went on after line {line:,}, where the last run was stopped.", markup=False)
        table = Table("", *OUTCOMES)
        for kind, counts in report.counts.items():
            table.add_row(kind, *(f"{counts[outcome]:,}" for outcome in OUTCOMES))
        console.print(table)
        rows = report.total("new", "changed")
        verb = "would be written" if run.settings.is_dry else "written"
        took = f"{rows:,} rows {verb} in {seconds:.1f} s; links rewritten in {run.rewritten:,} texts."
        console.print(took, markup=False)
        for example in report.examples:
            console.print(f"  left out: {example}", markup=False, soft_wrap=True)
        if report.total("bad") > len(report.examples):
            console.print(f"  … {report.total('bad'):,} rows were left out in all.", markup=False)
        if report.path.stat().st_size:
            console.print(f"Every row that was left out or changed is in {report.path}", markup=False, soft_wrap=True)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip


class _Tasks:
    """One line a file on the screen."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.tasks: dict[str, object] = {}

    def __call__(self, name: str, done: int, total: int) -> None:
        if name not in self.tasks:
            self.tasks[name] = self.bar.add_task(name, total=total)
        self.bar.update(self.tasks[name], completed=done)  # type: ignore[arg-type]
