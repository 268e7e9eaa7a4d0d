"""A time limit for other people's code, so that an errand that never ends does not keep the worker for ever."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Overdue(BaseException):
    """Took longer than allowed. No Exception, so that a loop which catches those cannot swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise Overdue within the block once `seconds` are over.

    Works in any thread, for code that runs Python; a call into the database or a socket ends by its own timeout first.
    """
    deciding, thread, is_over = threading.Lock(), threading.get_ident(), False

    def interrupt() -> None:
        with deciding:
            if not is_over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Overdue))

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with deciding:
            is_over = True
        timer.cancel()
