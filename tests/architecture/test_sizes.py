"""A file that outgrows its limit is split by noun (DESIGN section 2)."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import tree

pytestmark = pytest.mark.once

FILE, TEMPLATE, README, FUNCTION, VIEW_METHOD = 400, 120, 60, 40, 25


def too_long(paths, limit: int) -> list[str]:
    return [f"{tree.name(path)}: {count} lines" for path in paths if (count := tree.lines(path)) > limit]


def test_code_when_measured_then_no_file_is_over_its_limit():
    assert too_long(tree.code(with_tests=True), FILE) == []


def test_scripts_and_styles_when_measured_then_no_file_is_over_its_limit():
    assert too_long(tree.files(".js", ".css"), FILE) == []


def test_templates_when_measured_then_none_is_over_its_limit():
    assert too_long(tree.templates(), TEMPLATE) == []


def test_functions_when_measured_then_none_is_over_its_limit():
    found = []
    for path in tree.code():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (size := _statements(node)) > FUNCTION:
                found.append(f"{tree.name(path)}:{node.lineno} {node.name}: {size} lines")
    assert found == []


def test_view_methods_when_measured_then_none_is_over_its_limit():
    found = []
    for path in tree.code():
        if path.name != "views.py" and path.parent.name != "views":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (size := _statements(node)) > VIEW_METHOD:
                found.append(f"{tree.name(path)}:{node.lineno} {node.name}: {size} lines")
    assert found == []


def test_rooms_when_listed_then_each_has_a_short_readme():
    rooms = [tree.ROOT / name for name in ("accounts", "search", "knowledge")]
    rooms += sorted(path.parent for path in (tree.ROOT / "community").glob("*/apps.py"))

    missing = [tree.name(room) for room in rooms if not (room / "README.md").exists()]

    assert missing == []
    assert too_long((room / "README.md" for room in rooms), README) == []


def _statements(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without the signature and the docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
