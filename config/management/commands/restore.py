"""`manage.py restore FILE`: make this installation what a backup holds."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.operation.backup.problem import TROUBLES, in_one_line
from config.operation.backup.restore import restore


class Command(BaseCommand):
    help = "Bring back database and media from an archive of `backup`. Stop web and workers first."
    requires_system_checks = []  # one of them refuses everything but this after a restore that was ended halfway

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", metavar="FILE", help="the archive, or - for standard input")
        parser.add_argument("--replace", action="store_true", help="remove the people, content and files that are here")

    def handle(self, *args, file: str, replace: bool, **options) -> None:
        try:
            with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
                restore(stream, name=Path(file).name, replace=replace, say=self.stdout.write)
        except TROUBLES as error:
            raise CommandError(in_one_line(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run it again.") from None
        self.stdout.write(self.style.SUCCESS("Done. Start web and workers."))
