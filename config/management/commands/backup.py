"""`manage.py backup [FILE]`: database and media in one archive, of one moment, while people go on."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from config.operation.backup import place
from config.operation.backup.make import backup
from config.operation.backup.problem import TROUBLES, in_one_line


class Command(BaseCommand):
    help = "Write database and media into one archive. FILE is - for standard output, such as into age or gpg."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="default: a new one in DATA_DIR/backups")

    def handle(self, *args, file: str | None, **options) -> None:
        stream = sys.stdout.buffer if file == "-" else None
        target = None if stream else Path(file) if file else place.default_file()
        try:
            made = backup(target, say=self.stderr.write if stream else self.stdout.write, stream=stream)
        except TROUBLES as error:
            raise CommandError(in_one_line(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. No archive was made.") from None
        if stream is None:
            size = filesizeformat(made.size).replace("\xa0", " ")
            self.stdout.write(self.style.SUCCESS(f"Done in {made.seconds:.1f} s: {target} ({size})"))
