"""`manage.py demo`: loads the demo community once; running it again changes nothing.

`--migrate` makes the tables first, in the same process: loading Django and Wagtail takes seconds of a first start.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from accounts.events import worker
from config.demo.files import table
from config.demo.load import load
from config.demo.people import PASSWORD


class Command(BaseCommand):
    help = "Load the demo community: people, spaces, topics, articles, ideas, cases. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--migrate", action="store_true", help="Make the tables first, or bring them up to date.")

    def handle(self, *args, **options) -> None:
        started = time.monotonic()
        if options["migrate"]:
            call_command("migrate", verbosity=0)
            self._say(f"{'tables':<18}{'':>5}", started)
        loaded = 0
        for part, count in load():
            loaded += 1
            self._say(f"{part.label:<18}{count:>5}", started)
        if not loaded:
            self.stdout.write("The demo community is here already; nothing changed.")
            return
        self._say(f"{'index and inboxes':<18}{worker.drain():>5}", started)
        if settings.DEBUG:
            names = ", ".join(row["account"] for row in table("people")["person"] if "account" in row)
            self.stdout.write(f"  Sign in as {names} (@demo.example), password {PASSWORD}.")
        else:
            self.stdout.write("  DEBUG is off: the demo accounts are not created, and nobody of the demo can sign in.")

    def _say(self, text: str, started: float) -> None:
        self.stdout.write(f"  {text}   {time.monotonic() - started:5.1f} s")
        self.stdout.flush()
