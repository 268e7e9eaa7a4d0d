"""Log lines that stay lines, and that say which request they belong to."""

from __future__ import annotations

import logging
import re
from typing import Final

from accounts.events import trace

#: what would begin a new line, or tell a terminal what to do
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MOST_BYTES: Final = 1_800  # of a message: a line of 2 kB with what stands before it


def plain(text: str, most: int = MOST_BYTES) -> str:
    """One line of at most so many bytes, with everything escaped that is no part of a text."""
    cut = text[: most + 1]  # before it is looked through: it may be a megabyte
    line = _CONTROL.sub(lambda found: ascii(found[0])[1:-1], cut).encode(errors="backslashreplace")
    if len(line) + line.count(b"\\") + line.count(b'"') <= most:  # JSON doubles these
        return line.decode()
    return line[: most // 2].decode(errors="ignore") + "…"


class Plain(logging.Filter):
    """Whatever a stranger's words in a message hold, it is one line; a traceback of ours keeps its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = plain(record.getMessage()), ()
        return True


class OneLine(logging.Filter):
    """What a stranger sent is their mistake, not ours: one line about it, without a traceback, however long it was."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.msg, record.args = plain(record.getMessage(), 500), ()
        return True


class Access(logging.Filter):
    """Uvicorn's line about a request, where it is on: a short path, and nothing of who asked or what for.

    A query holds people's words, an address under /accounts/ opens an account, and the caller's address is personal.
    """

    MOST: Final = 300

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) == 5:
            _caller, method, path, version, status = record.args
            path = str(path).partition("?")[0]
            path = "/accounts/…" if path.startswith("/accounts/") else plain(path, self.MOST)
            record.args = ("-", plain(str(method), 20), path, version, status)
        return True


class RequestId(logging.Filter):
    """Give every record the id of its request, through web and worker; `-` for what nobody asked for."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = trace.request_id() or "-"
        return True
