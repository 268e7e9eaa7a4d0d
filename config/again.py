"""Whether a request that the database refused may be run once more: only where nothing of it was kept.

PostgreSQL ends one of two transactions that wait for each other, and all of them when it restarts; what they wrote is
taken back whole. So the same request, read anew from its bytes, may go again before anybody is told (row E13 of the
fault model). Where it had already kept something, or where the connection broke while it was being kept (at COMMIT,
or in a write outside a transaction), nobody knows what is there: the sender is told 503, and its key keeps it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger("threadwell.web")

TAKEN_BACK: Final = {"40001": "a serialization failure", "40P01": "a deadlock"}
KEEPS_NOTHING: Final = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Attempt:
    """One run of a request, as an execute wrapper of its connection: whether it kept anything, and how it ended."""

    def __init__(self) -> None:
        self.has_kept = False
        self.taken_back = ""  # why, of the statement that failed last

    def __call__(self, execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        connection: BaseDatabaseWrapper = context["connection"]
        writes = not (isinstance(sql, str) and sql.lstrip("(").startswith(KEEPS_NOTHING))
        if writes and connection.in_atomic_block:
            connection.on_commit(self._keep)
        try:
            result = execute(sql, params, many, context)
        except (OperationalError, InterfaceError) as error:
            self.taken_back = TAKEN_BACK.get(getattr(error.__cause__, "sqlstate", ""), "")
            if getattr(connection.connection, "closed", False):  # not by a word of the error: it has many
                self.taken_back = "a lost connection"
                self.has_kept |= writes and not connection.in_atomic_block
            raise
        if connection.in_atomic_block:  # somebody caught it and went on, so more than that one may be at stake
            self.taken_back = ""
        self.has_kept |= writes and not connection.in_atomic_block
        return result

    def may_go_again(self, status: int) -> bool:
        """Whether the answer is about a transaction that is known to be gone, with nothing kept before it."""
        if status < 500 or self.has_kept or not self.taken_back:
            return False
        log.warning("The database took a request back (%s); it is run once more.", self.taken_back)
        return True

    def _keep(self) -> None:
        self.has_kept = True
