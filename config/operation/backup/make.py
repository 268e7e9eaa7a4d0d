"""Making a backup: the database at one moment, then the media, which are only ever added to, then the manifest."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.events import services as events
from config.operation import machine
from config.operation.backup import archive, databases, place
from config.operation.backup.problem import BackupProblem

Say = Callable[[str], None]
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds; `size` is the archive's, in bytes."""

    tables: int
    rows: int
    files: int
    size: int
    seconds: float


def backup(target: Path | None, *, say: Say, stream: IO[bytes] | None = None) -> Made:
    """Write everything to `target`, which appears only when it is whole (mode 600), or to `stream`.

    People go on using the site meanwhile. Raises BackupProblem; a run that is killed leaves no archive behind.
    """
    began = time.monotonic()
    with place.alone():
        with _appearing(target) if stream is None else _through(stream) as out:  # type: ignore[arg-type]
            manifest = _write(out, say)
            size = out.tell() if stream is None else 0
        made = Made(
            tables=len(manifest["tables"]), rows=sum(rows for rows, _sum in manifest["tables"].values()),
            files=len(manifest["files"]) - 2, size=size, seconds=time.monotonic() - began,
        )  # fmt: skip
    _record(target, made)
    return made


def _write(out: IO[bytes], say: Say) -> dict[str, Any]:
    writer = archive.Writer(out)
    writer.add_json(archive.ABOUT, about())
    with tempfile.TemporaryDirectory(prefix=place.PARTIAL, dir=settings.DATA_DIR) as folder:
        dumped = Path(folder) / archive.DATABASE
        tables = databases.dialect().dump(dumped)
        say(f"  database {len(tables):>6} tables {sum(rows for rows, _sum in tables.values()):>10,} rows")
        writer.add(archive.DATABASE, dumped)
    count = 0
    for path in media():
        try:
            writer.add(f"{archive.MEDIA}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}", path)
        except FileNotFoundError:  # taken away since it was listed
            continue
        count += 1
    say(f"  media    {count:>6} files")
    manifest = {"files": dict(writer.files), "tables": tables}
    writer.add_json(archive.MANIFEST, manifest)
    writer.close()
    return manifest


def about() -> dict[str, Any]:
    """What made the archive: enough to know whether it can be restored here."""
    return {
        "format": FORMAT,
        "product": "threadwell",
        "version": machine.product_version(),
        "commit": machine.build()["commit"],
        "made_at": timezone.now().isoformat(),
        "database": connection.vendor,
        "migrations": databases.applied_migrations(),
    }


def media() -> Iterator[Path]:
    """Every plain file of MEDIA_ROOT, in order."""
    root = Path(settings.MEDIA_ROOT)
    yield from (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())


@contextmanager
def _appearing(target: Path) -> Iterator[IO[bytes]]:
    """A file that has its name only once it is whole and on the disk."""
    place.refuse_web_root(target)
    if target.exists():
        raise BackupProblem(f"{target} exists already. Choose another name; backups are never overwritten.")
    if not target.parent.is_dir():
        raise BackupProblem(f"There is no folder {target.parent}.")
    place.sweep(target.parent)
    handle, name = tempfile.mkstemp(prefix=place.PARTIAL, dir=target.parent)  # mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.rename(name, target)
        folder = os.open(target.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _through(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    yield stream
    stream.flush()


@transaction.atomic
def _record(target: Path | None, made: Made) -> None:
    data = {"file": target.name if target else "-", "bytes": made.size, "rows": made.rows, "files": made.files}
    events.record("backup.made", data=data)
