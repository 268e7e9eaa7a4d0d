"""The map of DESIGN section 1, proved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent


def test_rooms_when_their_imports_are_followed_then_none_looks_up_or_sideways():
    """A process of its own: import-linter sets up logging anew, which silences every logger the process had."""
    lint = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]

    told = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout + told.stderr
