"""Rows of a Stack Exchange dump: one element a row, read one at a time, by a parser that knows no entities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from config.archive.problem import RowProblem

LONGEST_ROW: Final = 8_000_000
_EVERY: Final = 20_000


class _Bounded:
    """A file whose parser never has to hold more than one row: a `>` within every `LONGEST_ROW` bytes."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.raw, self.open_bytes = raw, 0

    def read(self, size: int = -1) -> bytes:
        chunk = self.raw.read(size)
        end = chunk.rfind(b">")
        self.open_bytes = len(chunk) - end - 1 if end >= 0 else self.open_bytes + len(chunk)
        if self.open_bytes > LONGEST_ROW:
            raise RowProblem("", f"holds a row longer than {LONGEST_ROW:,} bytes")
        return chunk


def rows(path: Path, progress: Callable[[str, int, int], None]) -> Iterator[dict[str, str]]:
    """The attributes of every `<row>`. Raises RowProblem where the file cannot be read further.

    A document type, an entity or a reference outside is refused before anything of it is followed.
    """
    size = path.stat().st_size
    with path.open("rb") as raw:
        try:
            events = iterparse(_Bounded(raw), events=("start", "end"), forbid_dtd=True)
            root, depth, number = None, 0, 0
            for event, element in events:
                depth += 1 if event == "start" else -1
                if root is None:
                    root = element
                if event == "end" and depth == 1:
                    if element.tag == "row":
                        yield {name: value.replace("\r\n", "\n") for name, value in element.attrib.items()}
                    root.clear()
                    number += 1
                    if number % _EVERY == 0:
                        progress(path.name, raw.tell(), size)
                elif depth > 20:
                    raise RowProblem("", "is nested too deeply for a dump")
        except DefusedXmlException as error:
            raise RowProblem("", f"holds a document type or an entity, which a dump never does: {error}") from None
        except ParseError as error:
            raise RowProblem("", f"cannot be read further: {error}") from None
    progress(path.name, size, size)
