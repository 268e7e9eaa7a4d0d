"""`manage.py export_archive DIR`: write the community as JSON Lines, as `import_archive` reads it."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.viewer import viewer_for
from config.archive.export import Export


class Command(BaseCommand):
    help = "Write the community as JSON Lines, as import_archive reads it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--gzip", action="store_true", help="compress the files")
        parser.add_argument("--public", action="store_true", help="only what everyone may read")
        parser.add_argument(
            "--private", action="store_true", help="also what people keep for themselves, such as their messages"
        )

    def handle(self, *args, folder: Path, gzip: bool, public: bool, private: bool, **options) -> None:
        if public and private:
            raise CommandError("Choose --public or --private: what is private is not for everyone.")
        export = Export(viewer=viewer_for(None) if public else None, is_private=private)
        try:
            export.write(folder, is_gzipped=gzip, told=lambda name, rows: self.stdout.write(f"  {name:<13} {rows:>8,}"))
        except OSError as error:
            raise CommandError(f"Cannot write to {folder}: {error.strerror}.") from None
        if private:
            self.stdout.write("It holds what people wrote to each other. Keep it as you keep the database.")
        elif not public:
            self.stdout.write("Private spaces are in it. Keep it as you keep the database; --public leaves them out.")
        self.stdout.write(self.style.SUCCESS(f"Done: {folder}"))
