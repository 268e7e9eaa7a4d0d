"""The archive of a mailing list: messages in the order of their days, so threads stand among each other."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from bench.words import Writer

COMMAND: Final = "import_mbox"
_PEOPLE, _THREADS = 0.1, 0.15
_START: Final = 1_420_000_000
_OPEN: Final = 50  # threads that are written in at the same time
_LOST: Final = 20  # of so many replies one names nothing that it answers, as phones' mail programs do


def make(folder: Path, count: int) -> Path:
    """Write the mbox, unless it is there: a tenth people, a seventh of the messages begin a thread."""
    path = folder / "list.mbox"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".writing")
    writer, people, messages = Writer(7), int(count * _PEOPLE), int(count * (1 - _PEOPLE))
    subjects: list[tuple[int, str]] = []
    every = messages // int(count * _THREADS)
    with unfinished.open("w", encoding="utf-8") as out:
        for number in range(1, messages + 1):
            if number % every == 1:
                subjects.append((number, writer.title()))
                out.write(_message(writer, number, people, subjects[-1][1], answers=0))
                continue
            first, subject = subjects[-(number * 7 % min(_OPEN, len(subjects))) - 1]
            out.write(_message(writer, number, people, f"Re: {subject}", answers=first))
    unfinished.rename(path)
    return path


def _message(writer: Writer, number: int, people: int, subject: str, *, answers: int) -> str:
    at, person = time.gmtime(_START + number * 600), number * 13 % people + 1
    lines = [
        f"From person{person}@example.org  {time.strftime('%a %b %d %H:%M:%S %Y', at)}",
        f"From: Person {person} <person{person}@example.org>",
        f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', at)}",
        f"Subject: {subject}",
        f"Message-ID: <{number}@lists.example.org>",
    ]
    if answers and number % _LOST:
        lines += [f"In-Reply-To: <{answers}@lists.example.org>", f"References: <{answers}@lists.example.org>"]
    lines += ["", f"{' '.join(writer.some(40))}.", "", f"{' '.join(writer.some(40))}.", ""]
    return "\n".join(lines) + "\n"
