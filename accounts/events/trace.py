"""Which request a piece of work belongs to: web sets it, events carry it, the worker takes it up, logs name it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The id of the request that is behind what runs now; empty for what the product does by itself."""
    return _current.get()


@contextmanager
def traced(value: str) -> Iterator[None]:
    """Within: everything that is logged and recorded belongs to the request `value`."""
    token = _current.set(value)
    try:
        yield
    finally:
        _current.reset(token)
