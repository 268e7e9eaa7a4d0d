"""Messages out of an mbox, one at a time: from a “From ” line to the next one that is none of the text."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

from config.archive.problem import RowProblem

LONGEST: Final = 20_000_000
_CHUNK: Final = 1 << 20
# “From address Thu Aug 22 16:27:21 2002”: a line of text that begins with From has no date and year after it.
_START: Final = re.compile(rb"From .{0,300}?\d{1,2}:\d\d(?::\d\d)?.{0,40}?(?:19|20)\d\d\s*$")


def messages(path: Path, progress: Callable[[str, int, int], None]) -> Iterator[tuple[int, bytes, bytes]]:
    """(number, the From line, the message) of every message; one over 20 MB comes as its first megabyte.

    Raises RowProblem where a compressed file cannot be read further, and for a file without any message.
    """
    size, number = path.stat().st_size, 0
    with path.open("rb") as raw:
        stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw  # type: ignore[assignment]
        try:
            for number, (start, lines) in enumerate(_split(stream), start=1):
                yield number, start, lines
                progress(path.name, raw.tell(), size)
        except (EOFError, OSError, zlib.error) as error:
            raise RowProblem("", f"cannot be read further: {error}") from None
    if not number:
        raise RowProblem("", "holds no message: no line begins one (From … and a date)")


def _split(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    start, held, length, is_blank = b"", [], 0, True
    while line := stream.readline(_CHUNK):
        if is_blank and line.startswith(b"From ") and _START.match(line):
            if start:
                yield start, b"".join(held)
            start, held, length = line, [], 0
        elif start and length <= LONGEST:
            held.append(line[1:] if line.startswith((b">From ", b">>From ")) else line)
            length += len(line)
            if length > LONGEST:
                held = [b"".join(held)[:_CHUNK]]
        is_blank = line in {b"\n", b"\r\n"}
    if start:
        yield start, b"".join(held)
