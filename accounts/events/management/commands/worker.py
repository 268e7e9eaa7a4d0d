"""`manage.py worker`: deliver events, send mails, index, run schedules."""

import os
import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.events import worker


class Command(BaseCommand):
    help = "Work through what waits: deliveries, mails, search indexing, schedules. Any number may run."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and end")

    def handle(self, *args, once: bool, **options) -> None:
        if once:
            self.stdout.write(f"{worker.drain()} done.")
            return
        if not settings.REDIS_URL:
            raise CommandError(
                "REDIS_URL is not set: a worker in a process of its own could not reach open pages. "
                "Set REDIS_URL, or use `manage.py serve`, which runs web and worker in one process."
            )
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        os.nice(settings.WORKER_NICE)  # somebody waits for a page, nobody looks at the index
        self.stdout.write("Worker started.")
        worker.run_forever(stop)
        self.stdout.write("Worker stopped.")
