"""The archive as a stream: written from front to back, and unpacked with every name, size and checksum looked at."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from config.operation.backup.problem import BackupProblem

ABOUT: Final = "about.json"
DATABASE: Final = "database"
MEDIA: Final = "media"
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1 << 20
MOST_JSON: Final = 50_000_000


class _Hashed:
    """A file that remembers the checksum of what was read from it or written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self._hash = file, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        return self._seen(self.file.read(size))

    def write(self, data: bytes) -> None:
        self.file.write(self._seen(data))

    def _seen(self, data: bytes) -> bytes:
        self.size += len(data)
        self._hash.update(data)
        return data

    @property
    def entry(self) -> dict[str, Any]:
        return {"size": self.size, "sha256": self._hash.hexdigest()}


class Writer:
    """Puts files in and remembers them for the manifest."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._gzip = gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=5, filename="", mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """Put a file in, as it is now. Raises FileNotFoundError for one that has gone."""
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = path.stat().st_size, int(path.stat().st_mtime), 0o600
            hashed = _Hashed(file)
            try:
                self._tar.addfile(info, hashed)  # type: ignore[arg-type]
            except OSError as error:
                raise BackupProblem(f"{path} could not be put in: {error}. Run the backup again.") from error
        self.files[name] = hashed.entry

    def add_json(self, name: str, value: Any) -> None:
        content = json.dumps(value, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = len(content), int(time.time()), 0o600
        hashed = _Hashed(io.BytesIO(content))
        self._tar.addfile(info, hashed)  # type: ignore[arg-type]
        self.files[name] = hashed.entry

    def close(self) -> None:
        self._tar.close()
        self._gzip.close()


def unpack(stream: IO[bytes], folder: Path) -> dict[str, Any]:
    """Unpack into an empty folder and return the manifest; raises BackupProblem for all that is not as it says."""
    found: dict[str, dict[str, Any]] = {}
    with _readable(stream) as tar:
        for member in tar:
            if MANIFEST in found:
                raise BackupProblem(f"The archive was tampered with: {member.name!r} comes after the manifest.")
            name = _safe(member, found)  # before anything is written
            found[name] = _take(tar, member, folder)
    if MANIFEST not in found:
        raise BackupProblem("The archive is not complete: its manifest, which comes last, is missing.")
    manifest = _manifest(folder)
    del found[MANIFEST]
    made = manifest["files"]
    wrong = sorted(name for name in found.keys() | made.keys() if found.get(name) != made.get(name))
    if wrong:
        raise BackupProblem(f"The archive is damaged or was tampered with: not as it was made: {', '.join(wrong[:5])}.")
    return manifest


@contextmanager
def _readable(stream: IO[bytes]) -> Iterator[tarfile.TarFile]:
    try:
        with gzip.GzipFile(fileobj=stream, mode="rb") as unzipped, tarfile.open(fileobj=unzipped, mode="r|") as tar:
            yield tar
            while unzipped.read(CHUNK):  # to the very end, where gzip's own checksum is
                pass
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, UnicodeError, RecursionError) as error:
        raise BackupProblem(f"The archive is damaged or not complete ({error}).") from None


def _safe(member: tarfile.TarInfo, found: dict) -> str:
    """The member's name, if it is one that a backup of ours holds: plain files only, no way out of the folder."""
    parts = PurePosixPath(member.name).parts
    is_ours = member.name in {ABOUT, DATABASE, MANIFEST} or (len(parts) > 1 and parts[0] == MEDIA)
    if not is_ours or not member.isreg() or ".." in parts or "\0" in member.name or member.name in found:
        raise BackupProblem(f"This is no backup of this product: it holds {member.name[:80]!r}.")
    return str(PurePosixPath(*parts))


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> dict[str, Any]:
    target = folder.joinpath(*PurePosixPath(member.name).parts)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = tar.extractfile(member)
    if content is None:
        raise BackupProblem(f"This is no backup of this product: it holds {member.name[:80]!r}.")
    with target.open("xb") as file:
        target.chmod(0o600)
        hashed = _Hashed(file)
        while chunk := content.read(CHUNK):
            hashed.write(chunk)
    return hashed.entry


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        if path.stat().st_size > MOST_JSON:
            raise ValueError
        manifest = json.loads(path.read_text())
        if not isinstance(manifest["files"], dict) or not isinstance(manifest["tables"], dict):
            raise ValueError
        manifest["about"] = json.loads((folder / ABOUT).read_text())
    except (ValueError, KeyError, TypeError, RecursionError, FileNotFoundError):
        raise BackupProblem("The archive's manifest cannot be read.") from None
    return manifest
