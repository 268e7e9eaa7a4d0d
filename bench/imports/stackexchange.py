"""A Stack Exchange dump of so many rows: a tenth people, a fifth questions, two fifths answers, the rest comments."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from bench.words import Writer

COMMAND: Final = "import_stackexchange"
_SHARES: Final = {"Users": 0.1, "questions": 0.2, "answers": 0.4, "Comments": 0.3}


def make(folder: Path, count: int) -> Path:
    """Write the dump, unless it is there; and where it is. The same count makes the same dump."""
    folder = folder / "bench.stackexchange.com"
    if (folder / "Comments.xml").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {name: int(count * share) for name, share in _SHARES.items()}
    for name, rows in (("Users", _users), ("Posts", _posts), ("Comments", _comments)):
        with (folder / f"{name}.xml").open("w", encoding="utf-8") as out:
            out.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{name.lower()}>\n')
            for row in rows(sizes):
                out.write("<row " + " ".join(f"{key}={quoteattr(str(value))}" for key, value in row.items()) + " />\n")
            out.write(f"</{name.lower()}>\n")
    return folder


Rows = Iterator[dict[str, object]]


def _users(sizes: dict[str, int]) -> Rows:
    writer = Writer(1)
    for number in range(1, sizes["Users"] + 1):
        name = " ".join(word.title() for word in writer.some(2))
        yield {"Id": number, "DisplayName": f"{name} {number}", "CreationDate": _at(number), "AboutMe": ""}


def _posts(sizes: dict[str, int]) -> Rows:
    """Questions first, then the answers, which is as far apart as they can stand."""
    writer = Writer(2)
    for number in range(1, sizes["questions"] + 1):
        title, tags = " ".join(writer.some(7)).capitalize(), "".join(f"<{word}>" for word in set(writer.some(2)))
        yield _post(writer, number, sizes) | {
            "PostTypeId": 1, "Title": title, "Tags": tags, "ViewCount": number % 500,
        }  # fmt: skip
    for number in range(sizes["questions"] + 1, sizes["questions"] + sizes["answers"] + 1):
        yield _post(writer, number, sizes) | {"PostTypeId": 2, "ParentId": number * 7 % sizes["questions"] + 1}


def _post(writer: Writer, number: int, sizes: dict[str, int]) -> dict[str, object]:
    body = "".join(f"<p>{' '.join(writer.some(40))}.</p>" for _ in range(2))
    return {"Id": number, "CreationDate": _at(number), "Score": number % 9, "Body": body,
            "OwnerUserId": number * 13 % sizes["Users"] + 1}  # fmt: skip


def _comments(sizes: dict[str, int]) -> Rows:
    writer, posts = Writer(3), sizes["questions"] + sizes["answers"]
    for number in range(1, sizes["Comments"] + 1):
        yield {"Id": number, "PostId": number * 11 % posts + 1, "Score": number % 3, "CreationDate": _at(number),
               "Text": " ".join(writer.some(20)), "UserId": number * 17 % sizes["Users"] + 1}  # fmt: skip


def _at(number: int) -> str:
    """A second a row, from 2015 on."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000", time.gmtime(1_420_000_000 + number))
