"""A dump written down as an archive in a folder of its own: whole or not at all, and read no second time."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings

from config.archive.foreign.base import Foreign, Ledger
from config.archive.foreign.scratch import Scratch

_LEDGER: Final = "ledger.json"
_PROBLEMS: Final = "problems.jsonl"
# Control characters but line ends and tabs, halves of characters, and what would hide or turn round the text.
_NOT_SHOWN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Staging:
    """The archive of one source. What was written for the very same files and options is used again after a stop."""

    def __init__(self, foreign: Foreign) -> None:
        self.foreign = foreign
        self.folder = Path(settings.DATA_DIR) / "imports" / f"{foreign.options.source}.staged"

    def prepare(self) -> Ledger:
        """Write the archive, unless it is there. Raises Unreadable."""
        fingerprint = self._fingerprint()
        known = self.folder / _LEDGER
        if known.is_file():
            values = json.loads(known.read_text())
            if values["fingerprint"] == fingerprint:
                return Ledger.from_json(values)
        unfinished = self.folder.with_suffix(".staging")
        for folder in (self.folder, unfinished):
            shutil.rmtree(folder, ignore_errors=True)
        unfinished.mkdir(parents=True)
        self._write(unfinished)
        ledger = self.foreign.ledger
        (unfinished / _LEDGER).write_text(json.dumps({"fingerprint": fingerprint, **ledger.to_json()}))
        unfinished.rename(self.folder)
        return ledger

    def problems(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / _PROBLEMS).read_text().splitlines()]

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fingerprint(self) -> str:
        digest = hashlib.blake2b(f"{self.foreign.version} {self.foreign.options}".encode(), digest_size=16)
        for path in self.foreign.files():
            stat = path.stat()
            digest.update(f"{path.name}:{stat.st_size}:{stat.st_mtime_ns}".encode())
        return digest.hexdigest()

    def _write(self, folder: Path) -> None:
        scratch = Scratch(folder / "scratch.sqlite3")
        try:
            with ExitStack() as stack:
                files: dict[str, IO[str]] = {}
                for name, row in self.foreign.rows(scratch):
                    if name not in files:
                        files[name] = stack.enter_context((folder / f"{name}.jsonl").open("w", encoding="utf-8"))
                    files[name].write(_line(row) + "\n")
        finally:
            scratch.close()
            (folder / "scratch.sqlite3").unlink(missing_ok=True)
        lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in self.foreign.problems)
        (folder / _PROBLEMS).write_text("".join(lines), encoding="utf-8")


def _line(row: dict[str, Any]) -> str:
    return json.dumps(_shown(row), ensure_ascii=False, separators=(",", ":"))


def _shown(value: Any) -> Any:
    """Without what no text here may hold; other platforms let it through, and no row shall fail for it."""
    if isinstance(value, str):
        return _NOT_SHOWN.sub("", value)
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items() if item is not None}
    return [_shown(item) for item in value] if isinstance(value, list) else value

