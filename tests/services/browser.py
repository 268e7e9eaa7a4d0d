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


def chromium() -> str:
    """The path of a Chromium or Chrome, installed when missing."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        install.apt("chromium")
        found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise Unavailable("No Chromium was found: apt-get install chromium")
    return found
