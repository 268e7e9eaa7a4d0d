"""Bytes beside the rows: each under its SHA-256 in the archive's folder `files/`, copied piece by piece."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from django.core.files.base import File
from django.core.files.storage import default_storage

from config.archive import manifest
from config.archive.fields import Row
from config.archive.problem import RowProblem

FOLDER: Final = "files"
MOST_BYTES: Final = 30_000_000  # what may be sent, and a little
_CHUNK: Final = 1 << 20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def copied(path: str, folder: Path) -> str | None:
    """Copy a stored file into the archive; returns its digest, None where the store has it no more.

    One that is there already is not written again, so an export that was stopped copies what is missing.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    unfinished = folder / FOLDER / "unfinished"
    found = hashlib.sha256()
    try:
        with default_storage.open(path) as source, unfinished.open("wb") as out:
            while piece := source.read(_CHUNK):
                found.update(piece)
                out.write(piece)
    except FileNotFoundError:
        unfinished.unlink(missing_ok=True)
        return None
    digest = found.hexdigest()
    unfinished.replace(folder / FOLDER / digest)
    return digest


def digest_of(row: Row) -> str:
    """The row's `sha256`. Raises RowProblem for what is none, so that no name leads out of the folder."""
    digest = row.text("sha256", limit=64)
    if not _DIGEST.fullmatch(digest):
        raise row.refuse("sha256", "must be 64 digits and letters from a to f")
    return digest


def opened(folder: Path, digest: str) -> File:
    """The bytes, which are what the digest says. Raises RowProblem where they are not, or are missing."""
    path = folder / FOLDER / digest
    if not path.is_file() or path.is_symlink():
        raise RowProblem("sha256", f"names a file that is not in {FOLDER}/")
    if path.stat().st_size > MOST_BYTES:
        raise RowProblem("sha256", f"names a file of more than {MOST_BYTES:,} bytes")
    if manifest.digest(path) != digest:
        raise RowProblem("sha256", f"is not that of the file in {FOLDER}/: it was damaged or changed")
    return File(path.open("rb"), name=digest)
