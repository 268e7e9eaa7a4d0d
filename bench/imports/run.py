"""Each dump into an empty database: rows a second, CPU and memory of the import's process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

from bench import cpu, place
from bench.imports import discourse, mbox, phpbb, stackexchange

SOURCES: Final[dict[str, ModuleType]] = {
    "stackexchange": stackexchange, "discourse": discourse, "phpbb": phpbb, "mbox": mbox,
}  # fmt: skip
_PACE: Final = re.compile(r"([\d,]+) rows written in ([\d.]+) s")


def run(env: dict[str, str], names: list[str], counts: list[int]) -> None:
    """Import a dump of each platform and size into an empty database, one after the other; print a line each."""
    print("| source | rows asked | rows written | seconds | rows a second | CPU s of its process | peak MB | load |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        for count in counts:
            dump = SOURCES[name].make(place.FOLDER / f"{name}-{count}", count)
            _manage(env, "flush", "--no-input", "-v0")
            print(_line(env, name, dump, count), flush=True)


def _line(env: dict[str, str], name: str, dump: Path, count: int) -> str:
    """The import itself: it is ended where it begins to make everything findable, which is the indexer's figure."""
    before, lines = cpu.load(), []
    command = [sys.executable, str(place.ROOT / "manage.py"), SOURCES[name].COMMAND, str(dump)]
    unbuffered = env | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([*command, "--source", f"bench-{name}-{count}"], env=unbuffered, stdout=-1, text=True)
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
        raise SystemExit(f"The import of {dump} did not end well:\n{said}")
    rows, seconds = int(found[1].replace(",", "")), float(found[2])
    return (
        f"| {name} | {count:,} | {rows:,} | {seconds:.0f} | {rows / seconds:,.0f} "
        f"| {used.ru_utime + used.ru_stime:.0f} | {used.ru_maxrss / 1024:.0f} | {before:.1f}, {cpu.load():.1f} |"
    )


def _manage(env: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, str(place.ROOT / "manage.py"), *arguments], env=env, check=True)
