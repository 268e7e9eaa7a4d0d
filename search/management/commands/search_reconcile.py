"""`search_reconcile`: compare the indexes with the database and put right what differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines import EngineAway, engine
from search.engines.entries import forget_words
from search.indexer import run_round
from search.models import DirtyMark
from search.outbox import DATABASE, ELASTICSEARCH, engine_names, replay_parked
from search.reconcile import compare, repair
from search.sources import sources


class Command(BaseCommand):
    help = "Compare every document of every index with the database, mark what differs and index it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--engine", action="append", choices=[DATABASE, ELASTICSEARCH], help="default: all")
        parser.add_argument("--check", action="store_true", help="only tell; exit with 1 when something differs")
        parser.add_argument("--replay", action="store_true", help="give parked documents another try")

    def handle(self, *args: Any, check: bool, replay: bool, **options: Any) -> None:
        differs = False
        if replay:
            self.stdout.write(f"{replay_parked()} parked documents are tried again.")
        while not check and run_round():
            pass  # what waits is not a difference yet
        for name in options["engine"] or engine_names():
            try:
                differs |= self._reconcile(name, check=check)
            except (EngineAway, LookupError) as error:
                raise CommandError(str(error)) from error
        while not check and run_round():
            pass
        if not check:
            self.stdout.write(f"{forget_words()} words that no title says any more are forgotten.")
        parked = DirtyMark.objects.filter(state=DirtyMark.State.PARKED).count()
        if parked:
            self.stdout.write(f"{parked} documents are parked; see them in the admin, or try them with --replay.")
        if check and differs:
            raise CommandError("Index and database differ.", returncode=1)

    def _reconcile(self, name: str, *, check: bool) -> bool:
        target = engine(name)
        differs = False
        for source in sources():
            found = compare(target, source)
            differs |= bool(found)
            self.stdout.write(
                f"{name:14} {source.kind:10} missing {len(found.missing)}, surplus {len(found.surplus)},"
                f" stale {len(found.stale)}"
            )
            if found and not check:
                repair(target, source, found)
        return differs
