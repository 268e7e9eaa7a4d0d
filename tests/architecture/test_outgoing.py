"""One way out over HTTP (accounts/outgoing): nobody else imports a client or opens a connection by hand."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import tree

pytestmark = pytest.mark.once

CLIENTS = {"requests", "urllib3", "httpx", "aiohttp", "http.client", "urllib.request", "httplib2", "pycurl"}
# These speak through clients of their own, to servers that the operator names: Elasticsearch, Redis, PostgreSQL, SMTP.
HOME = "accounts/outgoing/"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names] + [node.module or ""]
    return []


def test_code_when_read_then_only_the_one_client_goes_out():
    found = []
    for path in tree.code():
        if tree.name(path).startswith(HOME):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = {name for name in _imported(node) for client in CLIENTS if f"{name}.".startswith(f"{client}.")}
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"socket.create_connection"}:
                names.add(ast.unparse(node))
            found += [f"{tree.name(path)}:{getattr(node, 'lineno', 0)} {name}" for name in sorted(names)]
    assert found == []
