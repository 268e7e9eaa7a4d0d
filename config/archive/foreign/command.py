"""`import_stackexchange`, `import_mbox`, …: read a dump as an archive, import that, and reconcile the counts."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from django.core.management.base import CommandError, CommandParser
from rich.console import Console

from accounts.models import Audience
from config.archive.command import ImportCommand, Tasks, bar_on
from config.archive.foreign.base import Foreign, Options, Unreadable
from config.archive.foreign.reconcile import lines_of, reconcile
from config.archive.foreign.staging import Staging
from config.archive.importer import Settings
from config.archive.run import Run
from search import languages

_HOST = re.compile(r"^[\w-]+(\.[\w-]+)*\.[a-z]{2,}$", re.IGNORECASE)
_AUDIENCES = (Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF)


class ForeignCommand(ImportCommand):
    """A subclass names its reader, and what its argument is."""

    reader: ClassVar[type[Foreign]]
    argument: ClassVar[str] = "DIR"
    argument_help: ClassVar[str] = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar=self.argument, help=self.argument_help)
        super().add_arguments(parser)
        parser.add_argument("--url", default="", help="where it stood, as https://forum.example: old links are led on")
        parser.add_argument("--space", default="", metavar="SLUG", help="the space to go into; the source's by default")
        parser.add_argument(
            "--audience", default=Audience.PUBLIC, choices=[str(one) for one in _AUDIENCES],
            help="who may read the spaces that are opened for it",
        )  # fmt: skip
        parser.add_argument(
            "--language", default="", metavar="CODE", choices=languages.KNOWN,
            help="what is spoken there, such as de: the search reads the spaces that are opened for it by its rules",
        )  # fmt: skip

    def handle(
        self, *args, path: Path, dry_run: bool, source: str, url: str, space: str, audience: str, language: str, **_
    ) -> None:
        if not path.exists():
            raise CommandError(f"{path} is not there.")
        started = time.monotonic()
        console = Console(file=self.stdout)
        name = self.source_of(path, source)
        options = Options(
            source=name, base_url=self._base_url(url, path), space=space, audience=audience, language=language
        )
        self.staging = Staging(self.reader(path, options))
        with bar_on(console) as bar:
            self._stage(Tasks(bar))
            read = time.monotonic() - started
            run = self.bring(self.staging.folder, Settings(source=name, is_dry=dry_run), bar)
        console.print(f"Read {self.reader.platform} in {read:.1f} s.", markup=False)
        self.say(console, run, time.monotonic() - started)
        self._reconcile(console, run)
        self.staging.remove()
        self.finish(run, started)

    def before(self, run: Run) -> None:
        if not run.is_resumed:
            for entry in self.staging.problems():
                run.report.absorb(entry)

    def _stage(self, tasks: Tasks) -> None:
        self.staging.foreign.progress = tasks
        try:
            self.ledger = self.staging.prepare()
        except Unreadable as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run it again.") from None

    def _reconcile(self, console: Console, run: Run) -> None:
        console.print("In the source:", markup=False)
        for line in lines_of(self.ledger):
            console.print(line, markup=False, soft_wrap=True)
        differences = reconcile(self.ledger, run)
        for difference in differences:
            console.print(f"  does not agree: {difference}", markup=False, soft_wrap=True)
        if not differences:
            console.print("The counts agree with the source.", markup=False)

    @staticmethod
    def _base_url(url: str, path: Path) -> str:
        """What the operator said, or the host that a folder is named after."""
        if not url:
            name = path.resolve().name
            return f"https://{name.lower()}" if path.is_dir() and _HOST.match(name) else ""
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise CommandError(f"--url must begin with https:// and name a host, not “{url}”.")
        return url.rstrip("/")
