"""`manage.py erase EMAIL`: for the operator, whom people write to; and what waits."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.erasing import selectors, services
from accounts.models import User
from accounts.viewer import system_viewer


class Command(BaseCommand):
    help = "Close an account and have its person erased after the days of grace. Without an address: what waits."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", nargs="?", metavar="EMAIL", help="the person's address, or their username")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--delete-posts", action="store_true", help="their posts go too; else they lose their name")
        act.add_argument("--take-back", action="store_true", help="open the account again")
        act.add_argument("--hold", metavar="REASON", help="set a legal hold: nothing of them is erased")
        act.add_argument("--release", action="store_true", help="take the legal hold away")

    def handle(self, *args, email: str | None, **options: Any) -> None:
        if not email:
            self._list()
            return
        user = User.objects.filter(email__iexact=email).first() or User.objects.filter(username__iexact=email).first()
        if user is None:
            raise CommandError(f"There is nobody with the address or username {email!r}.")
        try:
            self.stdout.write(self._done(user, options))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None

    def _done(self, user: User, options: dict[str, Any]) -> str:
        viewer = system_viewer()
        if options["hold"]:
            services.hold_set(viewer=viewer, user=user, reason=options["hold"])
            return "Nothing of them is erased until --release."
        if options["release"]:
            services.hold_remove(viewer=viewer, user=user)
            return "There is no legal hold."
        if options["take_back"]:
            erasure = selectors.open_of(user)
            if erasure is None:
                raise CommandError("Nobody asked for that person to be erased.")
            services.erasure_take_back(viewer=viewer, erasure=erasure)
            return "The account is open again."
        erasure = services.erasure_ask(viewer=viewer, user=user, deletes_posts=options["delete_posts"])
        return f"The account is closed. It is erased on {erasure.due_at:%Y-%m-%d %H:%M} UTC by the worker."

    def _list(self) -> None:
        for erasure, _user in selectors.open_for(system_viewer()):
            self.stdout.write(f"person {erasure.person_id}: {erasure.state}, due {erasure.due_at:%Y-%m-%d %H:%M} UTC")
