"""`manage.py export_person EMAIL FILE`: for the operator, whom people write to who cannot sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.takeout import services


class Command(BaseCommand):
    help = "Write a copy of all that is held about a person into a ZIP file, to be handed to them."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the person's address, or their username")
        parser.add_argument("file", metavar="FILE", type=Path, help="where to write it; nothing may be there")

    def handle(self, *args, email: str, file: Path, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first() or User.objects.filter(username__iexact=email).first()
        if user is None:
            raise CommandError(f"There is nobody with the address or username {email!r}.")
        if file.exists():
            raise CommandError(f"{file} is there already. Name a file that is not.")
        try:
            size = services.takeout_write(user=user, path=file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror or error}.") from None
        self.stdout.write(f"{size:,} bytes. It holds private things: hand it to the person alone, then delete it.")
