"""The map of DESIGN section 1, proved."""

from __future__ import annotations

from pathlib import Path

import pytest
from importlinter.cli import lint_imports

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent


def test_rooms_when_their_imports_are_followed_then_none_looks_up_or_sideways(monkeypatch):
    monkeypatch.chdir(ROOT)

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
