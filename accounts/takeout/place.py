"""Where copies lie until they are fetched: in DATA_DIR, outside what is served, and outside of backups."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

COPY: Final = "copy.zip"


def root() -> Path:
    """The folder of all copies; the owner's alone."""
    folder = Path(settings.DATA_DIR) / "takeouts"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def folder_of(key: str) -> Path:
    folder = root() / key
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def copy_of(key: str) -> Path:
    """The finished copy; it may not be there."""
    return root() / key / COPY


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Within: no other worker writes here. False where one does. A worker that is killed lets go by that."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def append(path: Path, after: int, rows: Iterable[dict[str, Any]]) -> int:
    """Write rows as JSON lines after so many bytes; what a killed worker left behind them is cut off.

    Returns how many bytes the file has now.
    """
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        file.truncate(after)
        file.seek(after)
        for row in rows:
            file.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def write_whole(path: Path, content: bytes) -> None:
    """So that it is there with all of it or not at all, whatever is killed, and after a loss of power too."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(content)
    settle(unfinished)
    unfinished.replace(path)


def end_with(path: Path, after: int, ending: bytes) -> None:
    """Cut a file off after so many bytes, and let it end with these."""
    with path.open("r+b") as file:
        file.truncate(after)
        file.seek(after)
        file.write(ending)
        file.flush()
        os.fsync(file.fileno())


def settle(path: Path) -> None:
    """What was written to a file is on the disk from now on."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, one at a time."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def remove(key: str) -> None:
    """Take a copy away, whatever there is of it."""
    shutil.rmtree(root() / key, ignore_errors=True)


def strays(known: Collection[str]) -> list[str]:
    """Folders that no row speaks of any more."""
    return sorted(path.name for path in root().iterdir() if path.name not in known)
