"""`search_rebuild`: build the indexes anew, beside those that answer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from search.engines import EngineAway, engine
from search.outbox import DATABASE, ELASTICSEARCH, engine_names
from search.reconcile import rebuild
from search.sources import source_for, sources


class Command(BaseCommand):
    help = "Build the search indexes anew from the database; search answers all the while."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--engine", action="append", choices=[DATABASE, ELASTICSEARCH], help="default: all")
        parser.add_argument("--kind", action="append", help="topic, article, person …; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = options["kind"] or [source.kind for source in sources()]
        wrong = [kind for kind in kinds if source_for(kind) is None]
        if wrong:
            known = ", ".join(source.kind for source in sources())
            raise CommandError(f"There is no kind {wrong[0]!r}. Kinds: {known}.")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            for name in options["engine"] or engine_names():
                try:
                    self._rebuild(name, kinds, bar)
                except (EngineAway, LookupError) as error:
                    raise CommandError(str(error)) from error

    def _rebuild(self, name: str, kinds: list[str], bar: Progress) -> None:
        target = engine(name)
        for source in filter(None, map(source_for, kinds)):
            task = bar.add_task(f"{name}: {source.label_plural}", total=source.ids().count())
            held = rebuild(target, source, progress=lambda done, task=task: bar.advance(task, done))
            bar.update(task, description=f"{name}: {held} {source.label_plural}")
