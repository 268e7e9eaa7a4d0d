"""Kills a process at a named place, once it is armed: the product holds no code for it.

Python loads this file at its start from PYTHONPATH. FAULT_POINTS is JSON, `{"name": "module:function:before"}` (or
`after`; a method as `Class.method`); FAULT_ARMED is a folder. A file of a point's name there arms it: the first process
that comes by takes the file away and is gone at once, as by `kill -9`. Every other start of Python is left alone.
"""

from __future__ import annotations

import functools
import importlib.machinery
import json
import os
import signal
import types
from collections.abc import Callable

ARMED = os.environ.get("FAULT_ARMED", "")
POINTS: dict[str, list[tuple[str, str, str]]] = {}


def _die_if_armed(point: str) -> None:
    try:
        os.unlink(os.path.join(ARMED, point))
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def _deadly(function: Callable, point: str, when: str) -> Callable:
    @functools.wraps(function)
    def call(*args, **kwargs):
        if when == "before":
            _die_if_armed(point)
        result = function(*args, **kwargs)
        if when == "after":
            _die_if_armed(point)
        return result

    return call


def _plant(module: types.ModuleType) -> None:
    for path, point, when in POINTS.get(module.__name__, ()):
        *owners, name = path.split(".")
        owner = functools.reduce(getattr, owners, module)
        setattr(owner, name, _deadly(getattr(owner, name), point, when))


def _watch_imports() -> None:
    """Plant as soon as a module is loaded, so that whoever imports a name from it gets the planted one."""
    load = importlib.machinery.SourceFileLoader.exec_module

    def exec_module(self, module):
        load(self, module)
        if module.__name__ in POINTS:
            _plant(module)

    importlib.machinery.SourceFileLoader.exec_module = exec_module


if ARMED:
    for _point, _where in json.loads(os.environ["FAULT_POINTS"]).items():
        _module, _path, _when = _where.split(":")
        POINTS.setdefault(_module, []).append((_path, _point, _when))
    _watch_imports()
