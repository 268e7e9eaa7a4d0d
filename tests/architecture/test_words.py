"""Nothing of one machine, no half-done work, and no drawers for everything."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.architecture import tree

pytestmark = pytest.mark.once

HERE = "tests/architecture/test_words.py"
PLACES = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/")
REGISTRIES = re.compile(
    r"\b(pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|docker\.elastic\.co|ghcr\.io|quay\.io|repo1?\.maven\.org|"
    r"unpkg\.com|cdn\.jsdelivr\.net|cdnjs\.cloudflare\.com)\b"
)
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
DRAWERS = {"utils", "helpers", "common", "core", "misc"}


def tracked() -> list[str]:
    """All files that are, or would be, in the repository."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in done.stdout.split("\0") if name and name != HERE and (tree.ROOT / name).is_file()]


def hits(pattern: re.Pattern[str], *, code_only: bool = False) -> list[str]:
    found = []
    for name in tracked():
        if code_only and not name.endswith((".py", ".html", ".js", ".css", ".sh")):
            continue
        try:
            text = (tree.ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{text.count(chr(10), 0, m.start()) + 1} {m.group(0)!r}" for m in pattern.finditer(text)]
    return found[:40]


def test_files_when_read_then_no_path_of_one_machine_is_in_them():
    assert hits(PLACES) == []


def test_files_when_read_then_no_registry_is_named():
    assert hits(REGISTRIES) == []


def test_code_when_read_then_nothing_is_left_for_later():
    assert hits(LATER, code_only=True) == []


def test_modules_when_listed_then_none_is_a_drawer_for_everything():
    assert [tree.name(path) for path in tree.code() if path.stem in DRAWERS or path.parent.name in DRAWERS] == []
