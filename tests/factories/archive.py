"""Archives to import: small folders of JSON Lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from config.archive.importer import Settings
from config.archive.report import Report
from config.archive.run import Run


def make_archive(folder: Path, *, is_gzipped: bool = False, **files: list[Any]) -> Path:
    """A folder with one file a keyword; a row is a dict, or bytes that are written as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        content = b"\n".join(lines) + b"\n"
        path = folder / f"{name}.jsonl{'.gz' if is_gzipped else ''}"
        path.write_bytes(gzip.compress(content) if is_gzipped else content)
    return folder


def thread_row(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A thread as another platform gives it."""
    return {
        "id": str(number), "kind": "topic", "locale": "en-US", "title": f"Lamp {number} flickers",
        "html": "<p>Why?</p>", "author": "ada",
        "created": "2024-01-02 03:21:52 +0000", "updated": "2024-01-03 19:11:14 +0000",
        "category": "lamps", "tags": ["light"], "url": f"https://old.example/questions/{number}", "replies": [],
    } | fields  # fmt: skip


def reply_row(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"r{number}", "author": "bo", "created": "2024-01-02T05:00:00Z", "html": "<p>Turn it.</p>", "helpful": 0,
    } | fields  # fmt: skip


def article_row(slug: str = "reset", **fields: Any) -> dict[str, Any]:
    return {
        "slug": slug, "title": f"How to {slug}", "summary": "In one step.", "product": "Lamp", "topics": ["care"],
        "locale": "en-US", "html": "<h1 id='w_first'>First</h1><p>Press.</p>", "url": f"https://old.example/kb/{slug}",
    } | fields  # fmt: skip


def run_import(folder: Path, *, source: str = "old", only: tuple[str, ...] = (), **settings: Any) -> Report:
    return make_run(folder, source=source, only=only, **settings)()


def make_run(folder: Path, *, source: str = "old", only: tuple[str, ...] = (), **settings: Any) -> Run:
    return Run(folder, Settings(source=source, **settings), only=only, progress=lambda *_: None)
