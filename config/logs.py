"""Log lines that stay lines."""

import logging


class OneLine(logging.Filter):
    """What a stranger sent is their mistake, not ours: one line about it, without a traceback, however long it was."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.msg = record.getMessage()[:500].replace("\n", " ").replace("\r", " ")
        record.args = ()
        return True
