"""Chromium for the end-to-end tests."""

from __future__ import annotations

import shutil

from tests.services import install
from tests.services.process import Unavailable

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
]


SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """The path of a Chromium, installed when missing; Chrome where there is nothing else.

    Its headless shell renders the same without the browser's own windows, whose bar of tools is a page by itself:
    a new tab costs a tenth (0.11 s of CPU for 1.15, eight tabs in turns, Chromium 156).
    """
    found = _found(SHELL) or _installed(SHELL) or _found(*WHOLE) or _installed(WHOLE[0])
    if found is None:
        raise Unavailable(f"No Chromium was found: apt-get install {SHELL}")
    return found


def _found(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def _installed(name: str) -> str | None:
    """Where it is once it is installed; None where that cannot be done here."""
    try:
        install.apt(name)
    except Unavailable:
        return None
    return _found(name)
