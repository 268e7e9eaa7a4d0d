"""The collected parts and the person's files as one ZIP, with a page to read them by. Nothing is held in memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.takeout import parts, place, reading
from accounts.takeout.collecting import file_of
from accounts.takeout.parts import Part, Taker

CHUNK: Final = 1_000_000
TURN_BYTES: Final = 50_000_000  # after which a turn ends
TURN_FILES: Final = 200
README, INDEX, DATA = "README.txt", "index.html", "data"
Write = Callable[[ZipFile], None]


def pack(taker: Taker, folder: Path) -> int | None:
    """Put the next files into the copy; its bytes when nothing is left, None before.

    The copy is a whole archive after each turn. A turn that was killed is taken back by the next one (`_begun`), which
    goes on from what the archive then says is in it. The finished copy is put in its place at once, and after that
    what it was made of is taken away.
    """
    done = folder / place.COPY
    if not done.exists():
        unfinished = folder / f"{place.COPY}.part"
        if not _turn(taker, folder, unfinished):
            return None
        unfinished.replace(done)
    for part in parts.parts():
        file_of(folder, part.name).unlink(missing_ok=True)
    return place.size_of(done)


def _turn(taker: Taker, folder: Path, unfinished: Path) -> bool:
    """Whether nothing is left."""
    undo = _begun(unfinished)
    with ZipFile(unfinished, "a", ZIP_DEFLATED, allowZip64=True) as copy:
        there = set(copy.namelist())
        left = ((name, write) for name, write in _contents(taker, folder) if name not in there)
        before, is_done = copy.start_dir, True
        for _name, write in left:
            write(copy)
            if len(copy.namelist()) - len(there) >= TURN_FILES or copy.start_dir - before > TURN_BYTES:
                is_done = False
                break
    place.settle(unfinished)
    undo.unlink()
    return is_done


def _begun(unfinished: Path) -> Path:
    """Before the archive is written to: how it ended is kept beside it, since its list is overwritten by what comes
    after. Where that is there already, a turn was killed: its writing is taken back first."""
    undo = unfinished.with_suffix(".undo")
    if not undo.exists():
        unfinished.touch(mode=0o600)
        start = _list_of(unfinished)
        with unfinished.open("rb") as copy:
            copy.seek(start)
            place.write_whole(undo, b"%d\n" % start + (copy.read() if start else b""))
    at, _line, ending = undo.read_bytes().partition(b"\n")
    place.end_with(unfinished, int(at), ending)
    return undo


def _list_of(archive: Path) -> int:
    """Where the list of what is in it begins, which is its end; what is no archive is begun anew."""
    try:
        with ZipFile(archive) as copy:
            return copy.start_dir
    except BadZipFile:
        return 0


def _contents(taker: Taker, folder: Path) -> Iterator[tuple[str, Write]]:
    """All that belongs into the copy, each with what writes it: the same order every time."""
    shown = [part for part in parts.parts() if place.size_of(file_of(folder, part.name))]
    yield README, lambda copy: copy.writestr(README, reading.readme(taker, _counted(folder, shown)))
    for part in shown:
        name, file = f"{DATA}/{part.name}.jsonl", file_of(folder, part.name)
        yield name, partial(ZipFile.write, filename=file, arcname=name)
    yield INDEX, lambda copy: _put_page(copy, taker, folder, shown)
    for name, path in parts.files_of(taker):
        yield f"files/{name}", partial(_put, name=f"files/{name}", path=path)


def _counted(folder: Path, shown: list[Part]) -> list[tuple[Part, int]]:
    return [(part, sum(1 for _line in place.lines(file_of(folder, part.name)))) for part in shown]


def _put_page(copy: ZipFile, taker: Taker, folder: Path, shown: list[Part]) -> None:
    with copy.open(INDEX, "w", force_zip64=True) as page:
        for text in _page(taker, folder, shown):
            page.write(text.encode())


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
