"""Only services write (DESIGN section 4): no view, form, template tag or address does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture import tree

pytestmark = pytest.mark.once

WRITES = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# allauth's and Django's own forms write through their library; a form of ours only cleans.
ALLOWED = {"form.save", "serializer.save"}


def is_read_side(path: Path) -> bool:
    names = {path.stem, path.parent.name}
    return bool(names & {"views", "api", "forms", "urls", "api_urls", "templatetags", "context", "selectors", "source"})


def test_views_when_read_then_none_writes_to_the_database():
    found = []
    for path in tree.code():
        if not is_read_side(path):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node.func):
                found.append(f"{tree.name(path)}:{node.lineno} {ast.unparse(node.func)[:80]}")
    assert found == []


def _writes(call: ast.Attribute) -> bool:
    chain = ast.unparse(call)
    if chain in ALLOWED or "session" in chain or "cache" in chain:
        return False
    if call.attr == "update":
        return "objects" in chain or ".filter(" in chain
    return call.attr in WRITES and not chain.startswith("super()")
