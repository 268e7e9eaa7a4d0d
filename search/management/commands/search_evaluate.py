"""`search_evaluate DIR`: how well a judged collection is answered, as JSON."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from search import evaluate
from search.engines import Engine, EngineAway, engine, primary
from search.outbox import DATABASE, ELASTICSEARCH
from search.relevance import Relevance, relevance_of
from search.semantic.embedders import LOCAL, embedder


class Command(BaseCommand):
    help = "Index a judged collection in scratch indexes, ask its queries and print MAP, MRR, P@1, nDCG@10 and recall."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="holds corpus.jsonl.gz, queries.jsonl.gz and qrels.tsv")
        parser.add_argument("--engine", choices=[DATABASE, ELASTICSEARCH], help="default: what answers searches")
        parser.add_argument(
            "--mode", choices=["lexical", "hybrid"], default="lexical",
            help="by words alone, or by words and meaning (SEARCH_EMBEDDINGS, else the packaged model)",
        )
        parser.add_argument("--query", choices=["text", "long"], default="text", help="the title, or title and body")
        parser.add_argument("--kind", action="append", default=[], help="search these kinds only (may be repeated)")
        parser.add_argument("--weights", metavar="FILE", type=Path,
                            help="a JSON object of relevance settings to try; default: as saved")
        parser.add_argument("--keep", action="store_true", help="do not drop the scratch indexes in the end")

    def handle(self, *args: Any, folder: Path, keep: bool, weights: Path | None, **options: Any) -> None:
        if not (folder / "qrels.tsv").is_file():
            raise CommandError(f"{folder} holds no judged collection (qrels.tsv is missing).")
        try:
            target = engine(options["engine"]) if options["engine"] else primary()
        except LookupError as error:
            raise CommandError(str(error)) from error
        relevance = _weights(weights) if weights else None
        _choose(options["mode"], target)
        collection = evaluate.Collection(folder)
        with Progress(console=Console(stderr=True), transient=True) as bar, evaluate.known_words(collection):
            task = bar.add_task("Indexing", total=None)
            kinds = evaluate.index(target, collection, progress=lambda done: bar.advance(task, done),
                                   only=options["kind"])
            if options["kind"]:
                collection.keep(options["kind"])
            began = time.perf_counter()
            task = bar.add_task("Asking", total=len(collection.judged))
            try:
                rankings = evaluate.run(
                    target, collection, kinds, long=options["query"] == "long",
                    progress=lambda done: bar.advance(task, done), relevance=relevance,
                )
            except EngineAway as error:
                raise CommandError(str(error)) from error
            took = time.perf_counter() - began
        if not keep:
            for kind in kinds:
                target.clear(kind)
        result = evaluate.report(rankings, collection)
        result |= {"engine": target.name, "mode": options["mode"], "query": options["query"]}
        result["ms_per_query"] = round(1000 * took / max(len(rankings), 1))
        self.stdout.write(json.dumps(result, indent=2))


def _weights(path: Path) -> Relevance:
    """The settings in a file."""
    try:
        return relevance_of(json.loads(path.read_text()))
    except (OSError, ValueError, AttributeError) as error:
        raise CommandError(f"{path} holds no JSON object of settings: {error}") from error
    except ValidationError as error:
        raise CommandError(f"{path}: {' '.join(error.messages)}") from error


def _choose(mode: str, target: Engine) -> None:
    """Let the model take part, or not; hybrid needs Elasticsearch and the packages of requirements-semantic.txt."""
    if mode == "lexical":
        settings.SEARCH_EMBEDDINGS = ""
        return
    settings.SEARCH_EMBEDDINGS = settings.SEARCH_EMBEDDINGS or LOCAL
    if target.name == DATABASE:
        raise CommandError("The database engine searches by words alone; use --engine elasticsearch for hybrid.")
    if embedder() is None:
        raise CommandError("There is no model for hybrid: install requirements-semantic.txt with --no-deps.")
