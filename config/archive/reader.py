"""Lines of JSON from a file, plain or gzip, one at a time: memory never grows with the file."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

LONGEST_LINE: Final = 5_000_000
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Line:
    """A line's number (from 1), its object or what is wrong with it, a digest of its bytes, and its length."""

    number: int
    values: dict[str, Any] | None
    problem: str = ""
    digest: str = ""
    size: int = 0


def find(folder: Path, name: str) -> Path | None:
    """`threads.jsonl` or `threads.jsonl.gz`; the plain one where both are there."""
    return next((path for ending in (".jsonl", ".jsonl.gz") if (path := folder / f"{name}{ending}").is_file()), None)


def fingerprint(path: Path) -> str:
    """What tells a file from another one under the same name, without reading all of it."""
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    return f"{path.stat().st_size}:{hashlib.blake2b(start, digest_size=16).hexdigest()}"


class Source:
    """An open file. `position` and `length` are bytes on disk, for the progress bar."""

    def __init__(self, path: Path, raw: IO[bytes]) -> None:
        self.name = path.name
        self.length = path.stat().st_size
        self._raw = raw
        self._stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw  # type: ignore[assignment]

    @property
    def position(self) -> int:
        return self._raw.tell()

    def lines(self, *, after: int = 0) -> Iterator[Line]:
        """The lines from number `after + 1`; empty lines are passed over. A broken archive ends with a problem."""
        number = 0
        while True:
            number += 1
            try:
                raw = self._read_line()
            except (EOFError, OSError, zlib.error) as error:
                yield Line(number, None, f"the file cannot be read further: {error}")
                return
            if raw == b"":
                return
            if number > after and (raw is None or raw.strip()):
                yield _line(number, raw)

    def _read_line(self) -> bytes | None:
        """The next line, None for one that is too long (read past in pieces), nothing at the end."""
        raw = self._stream.readline(LONGEST_LINE + 1)
        if len(raw) <= LONGEST_LINE:
            return raw
        while raw and not raw.endswith(b"\n"):
            raw = self._stream.readline(_CHUNK)
        return None


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    with path.open("rb") as raw:
        yield Source(path, raw)


def _line(number: int, raw: bytes | None) -> Line:
    if raw is None:
        return Line(number, None, f"the line is longer than {LONGEST_LINE:,} bytes")
    try:
        values = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        return Line(number, None, f"not UTF-8 at byte {error.start + 1}", size=len(raw))
    except RecursionError:
        return Line(number, None, "nested too deeply", size=len(raw))
    except json.JSONDecodeError as error:
        return Line(number, None, f"not JSON: {error.msg} at character {error.pos + 1}", size=len(raw))
    except ValueError as error:
        return Line(number, None, f"not JSON: {error}", size=len(raw))
    if not isinstance(values, dict):
        return Line(number, None, "not a JSON object", size=len(raw))
    return Line(number, values, digest=hashlib.blake2b(raw.strip(), digest_size=16).hexdigest(), size=len(raw))
