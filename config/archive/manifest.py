"""archive.json: what an export wrote, so that an import can say whether a file is still as it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

NAME: Final = "archive.json"
FORMAT: Final = 1
_LONGEST: Final = 1_000_000
_CHUNK: Final = 1 << 20


def write(folder: Path, *, files: dict[Path, int], holds: str) -> None:
    """Note every file with its rows, length and SHA-256; `holds` is public, whole or private."""
    told = {
        path.name: {"rows": rows, "bytes": path.stat().st_size, "sha256": digest(path)} for path, rows in files.items()
    }
    values = {"format": FORMAT, "made": timezone.now().isoformat(), "holds": holds, "files": told}
    unfinished = folder / f"{NAME}.part"
    unfinished.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(folder / NAME)


def forget(folder: Path) -> None:
    """While files are written anew, none of them is what the last manifest says."""
    (folder / NAME).unlink(missing_ok=True)


def differences(folder: Path, paths: Collection[Path]) -> Iterator[str]:
    """What is not as it was written, in words; nothing where no manifest is. A file of another name is nobody's."""
    path = folder / NAME
    if not path.is_file():
        return
    files = _files(path)
    if files is None:
        yield f"{NAME} cannot be read, so nobody knows whether the files are as they were written"
        return
    for own in paths:
        noted = files.get(own.name)
        if isinstance(noted, dict) and noted.get("sha256") != digest(own):
            yield f"{own.name} is not as it was written: its checksum is another one. It was cut, damaged or edited"
    here = {own.name for own in paths}
    for name in sorted(set(map(str, files)) - here):
        if not (folder / name).is_file() and name == Path(name).name:
            yield f"{name} is missing"


def digest(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, read piece by piece."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            found.update(piece)
    return found.hexdigest()


def _files(path: Path) -> dict[str, Any] | None:
    """What is noted of each file, or None for a manifest that is none."""
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(_LONGEST))
        files = values["files"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return files if isinstance(files, dict) else None
