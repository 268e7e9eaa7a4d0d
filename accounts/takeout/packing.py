"""The collected parts and the person's files as one ZIP, with a page to read them by. Nothing is held in memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.takeout import parts, place, reading
from accounts.takeout.collecting import file_of
from accounts.takeout.parts import Part, Taker

CHUNK: Final = 1_000_000
README, INDEX, DATA = "README.txt", "index.html", "data"


def pack(taker: Taker, folder: Path) -> int:
    """Make the copy, put it in its place at once, and take away what it was made of; returns its bytes.

    Again makes it anew.
    """
    unfinished, counts = folder / f"{place.COPY}.part", _counts(folder)
    shown = [part for part in parts.parts() if counts[part.name]]
    with unfinished.open("wb") as out, ZipFile(out, "w", ZIP_DEFLATED, allowZip64=True) as copy:
        out_of = [(part, counts[part.name]) for part in shown]
        copy.writestr(README, reading.readme(taker, out_of))
        for part in shown:
            copy.write(file_of(folder, part.name), f"{DATA}/{part.name}.jsonl")
        with copy.open(INDEX, "w", force_zip64=True) as page:
            for text in _page(taker, folder, shown):
                page.write(text.encode())
        for name, path in parts.files_of(taker):
            _put(copy, f"files/{name}", path)
    unfinished.chmod(0o600)
    unfinished.replace(folder / place.COPY)
    for part in parts.parts():
        file_of(folder, part.name).unlink(missing_ok=True)
    return place.size_of(folder / place.COPY)


def _counts(folder: Path) -> dict[str, int]:
    counts = {}
    for part in parts.parts():
        path = file_of(folder, part.name)
        counts[part.name] = sum(1 for _line in place.lines(path))
    return counts


def _page(taker: Taker, folder: Path, shown: list[Part]) -> Iterator[str]:
    yield reading.head(taker, shown)
    for part in shown:
        yield reading.heading(part)
        for row in place.lines(file_of(folder, part.name)):
            yield reading.entry(row)
        yield reading.ending()
    yield reading.foot()


def _put(copy: ZipFile, name: str, path: str) -> None:
    """A file as it is: pictures and documents are compressed already."""
    try:
        source = default_storage.open(path)
    except OSError:
        return
    info = ZipInfo(name, date_time=timezone.now().timetuple()[:6])
    info.compress_type, info.external_attr = ZIP_STORED, 0o600 << 16
    with source, copy.open(info, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, CHUNK)
