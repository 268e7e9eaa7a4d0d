"""`manage.py recount`: rebuild every counter from what it counts."""

from django.core.management.base import BaseCommand

from community.calendar.services import recount_events
from community.forums.services.recount import recount_all
from community.ideas.services import recount_ideas
from community.reputation.services import recount_standings
from community.snippets.services import recount_snippets


class Command(BaseCommand):
    help = "Rebuild all counters. Changes nothing where they are right; safe at any time."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"Recounted {recount_all()} topics and their spaces.")
        ideas, events, snippets = recount_ideas(), recount_events(), recount_snippets()
        self.stdout.write(f"Corrected {ideas} ideas, {events} events and {snippets} snippets.")
        self.stdout.write(f"Corrected {recount_standings()} standings.")
