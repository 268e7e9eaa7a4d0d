"""`token_create EMAIL [--scope read …]`: make an API token and print it, alone on standard output."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.api.permissions import SCOPES
from accounts.models import User
from accounts.services import token_create
from accounts.viewer import system_viewer


class Command(BaseCommand):
    help = "Make an API token for a person and print it; it is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument(
            "--scope", action="append", choices=list(SCOPES), help="may be given several times; all when not given"
        )
        parser.add_argument("--name", default="", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody here has the e-mail {options['email']}.")
        try:
            _row, token = token_create(
                viewer=system_viewer(), user=user, name=options["name"], scopes=options["scope"] or list(SCOPES)
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(token)
