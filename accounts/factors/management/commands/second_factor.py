"""`manage.py second_factor EMAIL`: for the operator, whom people write to who lost their telephone and their codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from accounts.factors import services
from accounts.models import User
from accounts.viewer import system_viewer


class Command(BaseCommand):
    help = "Say which second factors a person has; with --remove take them away, once they proved who they are."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the person's address, or their username")
        parser.add_argument("--remove", action="store_true", help="take all of them away and end all sign-ins")

    def handle(self, *args, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first() or User.objects.filter(username__iexact=email).first()
        if user is None:
            raise CommandError(f"There is nobody with the address or username {email!r}.")
        if options["remove"]:
            count = services.factors_remove(viewer=system_viewer(), user=user)
            gone = f"{count} taken away. They are signed out everywhere and have a mail."
            self.stdout.write(gone if count else "There was none.")
            return
        rows = Authenticator.objects.filter(user_id=user.pk).order_by("created_at")
        for row in rows:
            used = f"{row.last_used_at:%Y-%m-%d %H:%M} UTC" if row.last_used_at else "never"
            self.stdout.write(f"{row.type}: made {row.created_at:%Y-%m-%d %H:%M} UTC, last used {used}")
        if not rows:
            self.stdout.write("There is none.")
