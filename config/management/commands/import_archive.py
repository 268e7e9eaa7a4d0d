"""`manage.py import_archive DIR`: bring in a community from JSON Lines (config/archive/README.md has the form)."""

from __future__ import annotations

import time
from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from rich.console import Console

from config.archive.command import ImportCommand, bar_on
from config.archive.importer import Settings
from config.archive.run import NAMES


class Command(ImportCommand):
    help = "Bring in a community from JSON Lines. Safe to stop and to run again: it goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help=f"holds any of {', '.join(NAMES)} .jsonl[.gz]")
        super().add_arguments(parser)
        parser.add_argument("--only", default="", metavar="members,threads,…", help="only these files")
        parser.add_argument("--space", default="", metavar="PREFIX", help="put before the address of every new space")

    def handle(self, *args, folder: Path, dry_run: bool, only: str, source: str, space: str, **options) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        names = [name.strip() for name in only.split(",") if name.strip()]
        if unknown := sorted(set(names) - set(NAMES)):
            raise CommandError(f"--only does not know {', '.join(unknown)}; choose from {', '.join(NAMES)}.")
        started = time.monotonic()
        console = Console(file=self.stdout)
        settings = Settings(source=self.source_of(folder, source), space_prefix=space, is_dry=dry_run)
        with bar_on(console) as bar:
            run = self.bring(folder, settings, bar, only=names)
        self.say(console, run, time.monotonic() - started)
        self.finish(run, started)
