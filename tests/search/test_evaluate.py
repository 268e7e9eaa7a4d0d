"""`search_evaluate`: trec_eval's formulas, and every query asked as a person's search would be."""

from __future__ import annotations

import gzip
import json
import math
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from search import evaluate
from search.models import TitleWord

CORPUS = [
    {"id": "a:1", "kind": "article", "title": "Descaling the kettle", "body": "Vinegar does it."},
    {"id": "i:1", "kind": "idea", "title": "A kettle that whistles louder", "body": ""},
    {"id": "t:1", "kind": "topic", "title": "Kettle leaks at night", "body": "Water below.", "replies": ["Seal it."]},
    {"id": "t:2", "kind": "topic", "title": "Toaster burns one side", "body": "The left one."},
]
JUDGED = "query_id\tdoc_id\tgrade\nslip\ta:1\t1\nquoted\tt:1\t2\nquoted\ti:1\t1\nnothing\ta:1\t1\nquoted\tt:2\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    queries = {"slip": "descalnig", "quoted": 'kettle "leaks in the morning"', "nothing": "samovar"}
    _write(tmp_path / "corpus.jsonl.gz", CORPUS)
    _write(tmp_path / "queries.jsonl.gz", [{"id": name, "text": text, "body": ""} for name, text in queries.items()])
    (tmp_path / "qrels.tsv").write_text(JUDGED)
    return tmp_path


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


def test_queries_are_asked_as_people_ask_and_counted_as_trec_eval_counts(engine, folder):
    TitleWord.objects.create(word="toaster", initial="t", length=7)
    told = StringIO()

    call_command("search_evaluate", str(folder), "--engine", engine.name, stdout=told)

    result = json.loads(told.getvalue())
    # The slip is forgiven: 1st. What is quoted stands nowhere, so any word is enough: t:1 is 1st, i:1 3rd.
    ideal = 2 + 1 / math.log2(3)
    assert result["overall"] == {
        "queries": 3, "map": round(100 * (1 + (1 + 2 / 3) / 2) / 3, 2), "mrr": 66.67, "p@1": 66.67,
        "p@5": round(100 * (1 / 5 + 2 / 5) / 3, 2), "ndcg@10": round(100 * (1 + (2 + 1 / 2) / ideal) / 3, 2),
        "r@10": 66.67, "r@100": 66.67,
    }
    assert result["kinds"]["idea"]["queries"] == 1 and result["kinds"]["idea"]["mrr"] == 33.33
    assert result["every_kind_in_ten"] == {"queries": 1, "share": 100.0}
    known = TitleWord.objects.values_list("word", "is_open")
    assert list(known) == [("toaster", False)], "the site knows words it never had, or for others"


def test_more_than_the_box_takes_is_asked_by_its_words():
    text = " ".join(f"word{number}" for number in range(300))

    asked = evaluate.question(evaluate.Asked("1", text, "", evaluate._moment(None)), long=False)

    assert len(text) > 1_000 and len(asked.terms) + len(asked.more) == 300
