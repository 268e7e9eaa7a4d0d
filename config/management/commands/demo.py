"""`manage.py demo`: loads the demo community once; running it again changes nothing."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.events import worker
from config.demo.load import load


class Command(BaseCommand):
    help = "Load the demo community: people, spaces, topics, articles, ideas, cases. Safe to run again."

    def handle(self, *args, **options) -> None:
        started = time.monotonic()
        fresh = False
        for part, count in load():
            if count is None:
                continue
            fresh = fresh or count > 0
            if part.name == "accounts" and not settings.DEBUG:
                self.stdout.write("  demo accounts    none: they exist only where DEBUG is on")
                continue
            self.stdout.write(f"  {part.label:<16} {count:>4}   {time.monotonic() - started:5.1f} s")
            self.stdout.flush()
        if not fresh:
            self.stdout.write("The demo community is here already; nothing changed.")
            return
        self.stdout.write("  making everything findable …")
        worker.drain()
        self.stdout.write(self.style.SUCCESS(f"The demo community is ready ({time.monotonic() - started:.1f} s)."))
