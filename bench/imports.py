"""A Stack Exchange dump of so many rows, made here and imported on PostgreSQL: rows a second and memory at the peak."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from bench import cpu, place
from bench.words import Writer

_SHARES: Final = {"Users": 0.1, "questions": 0.2, "answers": 0.4, "Comments": 0.3}
_PACE: Final = re.compile(r"([\d,]+) rows written in ([\d.]+) s")


def run(env: dict[str, str], counts: list[int]) -> None:
    """Import a dump of each size into an empty database, one after the other; print a line a size."""
    print("| rows of the dump | rows written | seconds | rows a second | CPU s of its process | peak MB | load |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for count in counts:
        folder = place.FOLDER / f"dump-{count}" / "bench.stackexchange.com"
        make(folder, count)
        _manage(env, "flush", "--no-input", "-v0")
        print(_line(env, folder, count), flush=True)


def _line(env: dict[str, str], folder: Path, count: int) -> str:
    """The import itself: it is ended where it begins to make everything findable, which is the indexer's figure."""
    before, lines = cpu.load(), []
    command = [sys.executable, str(place.ROOT / "manage.py"), "import_stackexchange", str(folder)]
    unbuffered = env | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([*command, "--source", f"bench-{count}"], env=unbuffered, stdout=-1, text=True)
    assert process.stdout
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Making everything findable"):
            break
    process.terminate()
    _pid, _status, used = os.wait4(process.pid, 0)
    said = "".join(lines)
    found = _PACE.search(said)
    if found is None or "The counts agree with the source." not in said:
        raise SystemExit(f"The import of {folder} did not end well:\n{said}")
    rows, seconds = int(found[1].replace(",", "")), float(found[2])
    return (
        f"| {count:,} | {rows:,} | {seconds:.0f} | {rows / seconds:,.0f} | {used.ru_utime + used.ru_stime:.0f} "
        f"| {used.ru_maxrss / 1024:.0f} | {before:.1f}, {cpu.load():.1f} |"
    )


def _manage(env: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, str(place.ROOT / "manage.py"), *arguments], env=env, check=True)


def make(folder: Path, count: int) -> None:
    """Write the dump, unless it is there. The same count makes the same dump."""
    if (folder / "Comments.xml").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {name: int(count * share) for name, share in _SHARES.items()}
    for name, rows in (("Users", _users), ("Posts", _posts), ("Comments", _comments)):
        with (folder / f"{name}.xml").open("w", encoding="utf-8") as out:
            out.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{name.lower()}>\n')
            for row in rows(sizes):
                out.write("<row " + " ".join(f"{key}={quoteattr(str(value))}" for key, value in row.items()) + " />\n")
            out.write(f"</{name.lower()}>\n")


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
