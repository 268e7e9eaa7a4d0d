"""Relevance on real judged collections, where they are: what was reached is not to be lost. Part of the long suite."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

JUDGED = Path(os.environ.get("JUDGED_COLLECTIONS", settings.BASE_DIR.parent / "shared" / "data" / "search-dev"))
pytestmark = [pytest.mark.long, pytest.mark.es, pytest.mark.django_db]


def measured(name: str, engine: str) -> dict[str, float]:
    folder = JUDGED / name
    if not (folder / "qrels.tsv").is_file():
        pytest.skip(f"the judged collection {name} is not here ({JUDGED})")
    told = StringIO()
    call_command("search_evaluate", str(folder), "--engine", engine, stdout=told)
    overall = json.loads(told.getvalue())["overall"]
    print(name, engine, overall)  # pytest -rP shows the figures
    return overall


def test_support_community_is_answered_as_well_as_it_was() -> None:
    """The database may lose 15 % of what Elasticsearch reaches by words."""
    elastic = measured("thunderbird", "elasticsearch")
    database = measured("thunderbird", "database")

    assert elastic["ndcg@10"] >= 16 and elastic["r@10"] >= 27, elastic
    assert database["ndcg@10"] >= 0.85 * elastic["ndcg@10"], database


def test_paraphrased_questions_find_their_thread() -> None:
    assert measured("stackfaq", "elasticsearch")["map"] >= 84
