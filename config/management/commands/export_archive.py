"""`manage.py export_archive DIR`: write the community as JSON Lines, as `import_archive` reads it."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.viewer import viewer_for
from config.archive.export import Export


class Command(BaseCommand):
    help = "Write spaces, sections, members, articles, wiki pages, threads and ideas as JSON Lines."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--gzip", action="store_true", help="compress the files")
        parser.add_argument("--public", action="store_true", help="only what everyone may read")

    def handle(self, *args, folder: Path, gzip: bool, public: bool, **options) -> None:
        export = Export(viewer=viewer_for(None) if public else None)
        try:
            export.write(folder, is_gzipped=gzip, told=lambda name, rows: self.stdout.write(f"  {name:<10} {rows:>8,}"))
        except OSError as error:
            raise CommandError(f"Cannot write to {folder}: {error.strerror}.") from None
        if not public:
            self.stdout.write("Private spaces are in it. Keep it as you keep the database; --public leaves them out.")
        self.stdout.write(self.style.SUCCESS(f"Done: {folder}"))
