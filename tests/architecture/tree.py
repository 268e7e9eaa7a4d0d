"""The files that the rules of the house hold for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("accounts", "community", "config", "knowledge", "search")
SKIPPED = {"__pycache__", "node_modules", ".venv", "var"}


def files(*suffixes: str, within: tuple[str, ...] = ROOMS) -> Iterator[Path]:
    """The files under these folders that end in one of the suffixes."""
    for room in within:
        for path in sorted((ROOT / room).rglob("*")):
            if path.is_file() and path.suffix in suffixes and not SKIPPED & set(path.parts):
                yield path


def code(*, with_tests: bool = False) -> Iterator[Path]:
    """Python files, without migrations."""
    for path in files(".py", within=(*ROOMS, "tests") if with_tests else ROOMS):
        if "migrations" not in path.parts:
            yield path


def templates() -> Iterator[Path]:
    """HTML templates."""
    return (path for path in files(".html") if "templates" in path.parts)


def name(path: Path) -> str:
    """The path as a person writes it."""
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())
