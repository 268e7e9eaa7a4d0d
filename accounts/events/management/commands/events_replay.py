"""`manage.py events_replay`: give parked deliveries another chance."""

from django.core.management.base import BaseCommand

from accounts.events.services import replay_parked


class Command(BaseCommand):
    help = "Deliver again what was parked after its last attempt."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--subscriber", help="only this subscriber's")

    def handle(self, *args, subscriber: str | None, **options) -> None:
        self.stdout.write(f"{replay_parked(subscriber=subscriber)} deliveries wait again.")
