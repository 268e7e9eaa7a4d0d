"""Log lines that stay lines, and that say which request they belong to."""

import logging

from accounts.events import trace


class OneLine(logging.Filter):
    """What a stranger sent is their mistake, not ours: one line about it, without a traceback, however long it was."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.msg = record.getMessage()[:500].replace("\n", " ").replace("\r", " ")
        record.args = ()
        return True


class RequestId(logging.Filter):
    """Give every record the id of its request, through web and worker; `-` for what nobody asked for."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = trace.request_id() or "-"
        return True
