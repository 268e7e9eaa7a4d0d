"""Rows of a MySQL dump: statement after statement, of which only INSERTs are read and nothing is ever run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

from config.archive.problem import RowProblem

LONGEST: Final = 64_000_000
_QUOTES: Final = {quote: re.compile(rf"\\.|{quote}{quote}|{quote}", re.DOTALL) for quote in "'\"`"}
_NEXT: Final = re.compile(r"['\"`;]|--[ \t\n]|#|/\*")
_INSERT: Final = re.compile(
    r"\s*(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+`?(\w+)`?\s*(?:\(([^()]*)\))?\s*VALUES\s*", re.IGNORECASE
)
_CREATE: Final = re.compile(r"\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?`?(\w+)`?\s*\(", re.IGNORECASE)
_COLUMN: Final = re.compile(
    r"(?:^|,)\s*`?(\w+)`?\s+(?:\w*(?:int|char|text|blob|binary|float|double|decimal|enum|bool|date|time)\w*)",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(
    r"\s*(?:_binary\s*|_utf8\w*\s*)?"
    r"(?:'([^'\\]*(?:(?:\\.|'')[^'\\]*)*)'|(NULL)|0x([0-9a-f]*)|(-?[\d.]+(?:e[+-]?\d+)?))\s*([,)])",
    re.IGNORECASE | re.DOTALL,
)
_OPEN: Final = re.compile(r"\s*,?\s*\(")
_ESCAPE: Final = re.compile(r"\\(.)|''", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "", "Z": "", "b": ""}
Values = dict[str, str | None]


def rows(path: Path, wanted: Callable[[str], bool], progress: Callable[[str, int, int], None]
         ) -> Iterator[tuple[str, Values]]:  # fmt: skip
    """(table, values by column) of every INSERT into a wanted table; numbers are texts too.

    Raises RowProblem where a statement cannot be read: what came before stands.
    """
    size = path.stat().st_size
    columns: dict[str, list[str]] = {}
    with path.open("rb") as raw:
        for statement in _statements(raw):
            progress(path.name, raw.tell(), size)
            if found := _CREATE.match(statement):
                columns[found[1]] = _COLUMN.findall(statement[found.end():])
            elif (found := _INSERT.match(statement)) and wanted(found[1]):
                given = [name.strip(" `\n\r\t") for name in (found[2] or "").split(",")]
                names = given if found[2] else columns.get(found[1], [])
                for values in _tuples(statement, found.end()):
                    if len(values) != len(names):
                        raise RowProblem("", f"a row of {found[1]} has {len(values)} values for {len(names)} columns")
                    yield found[1], dict(zip(names, values, strict=True))


def _tuples(statement: str, at: int) -> Iterator[list[str | None]]:
    while opened := _OPEN.match(statement, at):
        at, values = opened.end(), []
        while True:
            found = _VALUE.match(statement, at)
            if found is None:
                raise RowProblem("", f"a value cannot be read: {statement[at:at + 40]!r}")
            at = found.end()
            values.append(_value(found))
            if found[5] == ")":
                break
        yield values
    if statement[at:].strip():
        raise RowProblem("", f"a row cannot be read: {statement[at:at + 40]!r}")


def _value(found: re.Match[str]) -> str | None:
    text, null, hexadecimal, number, _end = found.groups()
    if text is not None:
        return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]) if match[1] else "'", text)
    if null:
        return None
    return bytes.fromhex(hexadecimal).decode("utf-8", "replace") if hexadecimal is not None else number


def _statements(raw: IO[bytes]) -> Iterator[str]:
    """Cut at each `;` outside strings and comments; a statement may stand in many lines, a line hold many."""
    parts: list[str] = []
    held, quote = 0, ""
    while line := raw.readline(LONGEST):
        text = line.decode("utf-8", "replace")
        start = at = 0
        while found := (_QUOTES[quote] if quote else _NEXT).search(text, at):
            at = found.end()
            if quote:
                quote = "" if found[0] == quote else quote
            elif found[0] in _QUOTES:
                quote = found[0]
            elif found[0] == ";":
                yield "".join([*parts, text[start:found.start()]])
                parts, held, start = [], 0, at
            elif found[0] == "/*":
                end = text.find("*/", at)
                end = len(text) if end < 0 else end + 2
                text, at = text[:found.start()] + " " + text[end:], found.start()
            else:
                text = text[:found.start()]
        parts.append(text[start:])
        held += len(text) - start
        if held > LONGEST:
            raise RowProblem("", f"a statement is longer than {LONGEST:,} characters")
    if quote or "".join(parts).strip():
        raise RowProblem("", "the file ends in the middle of a statement")
