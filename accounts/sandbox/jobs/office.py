"""docx, pptx, xlsx, odt, odp and ods: the parts that hold words, read by expat as a stream, without any DTD.

A library for each of these would build the whole document in memory first; here a part is cut where the words end.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from accounts.sandbox.refusal import Refused

# The parts with words, in reading order, and the elements that hold them (names without their namespace).
PARTS = re.compile(r"(?:word/document|ppt/slides/slide\d+|xl/sharedStrings|xl/worksheets/sheet\d+|content)\.xml")
WORDS = {"t", "p", "h", "span", "a", "is"}
ENDS = {"p", "h", "si", "tr", "br", "tab", "line-break", "table-row"}
MOST_ENTRIES = 5_000
MOST_UNPACKED = 20_000_000
BROKEN = (zipfile.BadZipFile, expat.ExpatError, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
_PIECE = 65_536


def words(payload: bytes, max_pages: int, most: int) -> str:
    """Their text, at most `most` characters of at most `max_pages` parts. Raises Refused("no-text")."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(payload))
        names = [name for name in archive.namelist() if PARTS.fullmatch(name)]
        if len(archive.namelist()) > MOST_ENTRIES or not names:
            raise Refused("no-text")
        reader = _Reader(most)
        for name in sorted(names, key=_order)[:max_pages]:
            reader.read(archive.open(name))
    except BROKEN as error:
        raise Refused("no-text") from error
    return "".join(reader.parts)


def _order(name: str) -> tuple[str, int]:
    number = re.search(r"(\d+)\.xml$", name)
    return re.sub(r"\d+\.xml$", "", name), int(number[1]) if number else 0


class _Reader:
    def __init__(self, most: int) -> None:
        self.parts: list[str] = []
        self.most, self.size, self.unpacked = most, 0, 0
        self.open: list[str] = []

    def read(self, part: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = lambda name, _attributes: self.open.append(name.rpartition(":")[2])
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self.open = []
        for piece in _pieces(part):
            self.unpacked += len(piece)
            if self.unpacked > MOST_UNPACKED:
                raise Refused("too-large")
            parser.Parse(piece, False)
            if self.size > self.most:
                return
        parser.Parse(b"", True)
        self.parts.append("\n")

    def _text(self, data: str) -> None:
        if self.open and self.open[-1] in WORDS and self.size <= self.most:
            self.parts.append(data)
            self.size += len(data)

    def _end(self, name: str) -> None:
        self.open.pop()
        if name.rpartition(":")[2] in ENDS:
            self.parts.append("\n")
            self.size += 1

    def _refuse(self, *_declared: object) -> None:
        raise Refused("no-text")


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    while piece := part.read(_PIECE):
        yield piece
