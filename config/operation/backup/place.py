"""Where backups lie, that only one runs at a time, and the note that a restore has begun and not ended."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from config.operation.backup.problem import BackupProblem

PARTIAL, STAGING = ".threadwell-partial-", ".threadwell-restore-"


def default_file() -> Path:
    """`DATA_DIR/backups/threadwell-<time>.tar.gz`; the folder is the owner's alone."""
    folder = settings.DATA_DIR / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"threadwell-{timezone.now():%Y%m%d-%H%M%S}.tar.gz"


def refuse_web_root(file: Path) -> None:
    """A backup must not lie where a web server may hand it out."""
    for root in (settings.STATIC_ROOT, settings.MEDIA_ROOT, *settings.STATICFILES_DIRS):
        folder = Path(root[1] if isinstance(root, tuple) else root).resolve()
        if file.resolve().is_relative_to(folder):
            raise BackupProblem(f"{file} would lie in {folder}, which is served to browsers. Choose another place.")


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of backups and restores; what a killed one left behind is removed."""
    with (settings.DATA_DIR / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupProblem("Another backup or restore is running here. Wait for it.") from None
        sweep(settings.DATA_DIR)
        yield


def sweep(folder: Path) -> None:
    """Remove what an ended run left in a folder. Call it with the lock held."""
    for path in [*folder.glob(f"{PARTIAL}*"), *folder.glob(f"{STAGING}*")]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _note() -> Path:
    return settings.DATA_DIR / "restore-unfinished.json"


def unfinished() -> str:
    """The name of the archive whose restore was ended halfway; empty when there is none."""
    try:
        return str(json.loads(_note().read_text())["file"])
    except FileNotFoundError:
        return ""
    except (ValueError, KeyError, TypeError, OSError):
        return "an archive"


def begin(file: str) -> None:
    _note().write_text(json.dumps({"file": file, "began_at": timezone.now().isoformat()}))


def end() -> None:
    _note().unlink(missing_ok=True)
