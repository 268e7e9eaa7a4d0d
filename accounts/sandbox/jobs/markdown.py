"""Markdown of a long text: the payload is its source in UTF-8, the answer its HTML."""

from __future__ import annotations

from accounts.sandbox.markup import parser


def prepare(payload: bytes) -> None:
    parser.prepare(payload.decode())


def work(payload: bytes, *, people: dict, files: dict, notes: str = "") -> tuple[dict, bytes]:
    """`people`, `files` and `notes` as `markup.render` takes them. Raises Refused."""
    return {}, parser.render(payload.decode(), people, files, notes).encode()
