"""The site runs once for the browser tests of a process; each gets fresh profiles and must leave no problem behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import IN_CI
from tests.e2e.people import Crowd
from tests.e2e.site import Site
from tests.services.browser import ARGUMENTS, chromium
from tests.services.process import Unavailable
from tests.services.session import STARTERS, Session


def _without(reason: str) -> None:
    (pytest.fail if IN_CI else pytest.skip)(reason.splitlines()[0])


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    """The sites have caches of their own. This process keeps nothing, and what it would empty is that of the process of
    the same number in the servers' round, which runs beside: its tests would read once more what they had."""


@pytest.fixture(scope="session")
def services() -> Iterator[dict[str, str]]:
    """The addresses that `./test` gave, or servers of this run's own."""
    given = {name: os.environ[name] for name in STARTERS if os.environ.get(name)}
    if len(given) == len(STARTERS):
        yield given
        return
    own = Session(f"e2e-{os.getpid()}")
    try:
        yield own.start(owner=os.getpid(), needed=True)["urls"]
    except Unavailable as problem:
        _without(str(problem))
    finally:
        own.stop()


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """The running product with its demo community; E2E_URLS names one that runs already, for work on these tests."""
    if os.environ.get("E2E_URLS"):
        yield Site.running_at(os.environ["E2E_URLS"].split(","))
        return
    running = Site(request.getfixturevalue("services"))
    try:
        running.start()
        yield running
        assert running.tracebacks() == []
    finally:
        running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    try:
        path = chromium()
    except Unavailable as problem:
        _without(str(problem))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def _signed_in() -> dict[str, Any]:
    return {}


@pytest.fixture
def crowd(browser: Browser, site: Site, _signed_in: dict[str, Any]) -> Iterator[Crowd]:
    """People with browsers; at the end none may have seen a script error, a refused script or style, or a 5xx."""
    people = Crowd(browser, site.urls, _signed_in)
    yield people
    people.close()
    assert people.problems() == []
