"""Doing something once when a transaction commits, however often it was asked for in it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction


def once_committed(call: Callable[[], None], *, robust: bool = False) -> None:
    """Call a function of a module when the running transaction commits; at once where none runs.

    It is known by itself, so no lambda and no method. What a savepoint asked for is lost with it: asked for again
    outside, it is called all the same. `robust` keeps its failure from the others, as `transaction.on_commit` does.
    """
    inside = set(connection.savepoint_ids)
    if not any(known is call and points <= inside for points, known, _robust in connection.run_on_commit):
        transaction.on_commit(call, robust=robust)
