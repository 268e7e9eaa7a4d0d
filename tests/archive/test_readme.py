"""The README's example lines are true: each one imports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from config.archive.run import NAMES
from tests.factories.archive import make_archive, run_import

EXAMPLE = re.compile(r"^((?:\*\*[a-z.]+\*\*(?:, )?)+): `(\{.*\})`$", re.MULTILINE)


@pytest.mark.django_db
def test_examples_of_the_readme_when_imported_then_are_good_rows(tmp_path: Path) -> None:
    text = (settings.BASE_DIR / "config" / "archive" / "README.md").read_text()
    files = {
        name: [json.loads(row)]
        for names, row in EXAMPLE.findall(text)
        for name in re.findall(r"([a-z]+)\.jsonl", names)
    }  # fmt: skip
    assert set(files) | {"files", "attached", "pictures"} == set(NAMES)  # these three need bytes

    report = run_import(make_archive(tmp_path, **files))

    assert report.total("bad") == 0
    assert all(report.counts[name]["new"] >= 1 for name in files)
