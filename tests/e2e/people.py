"""People in front of browsers: a page that signs in, listens for what goes wrong, and takes pictures."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from tests.services.session import ROOT

PASSWORD = "demo"
SHOTS = ROOT / "var" / "shots"
WIDTHS = (390, 1280)
# Rules of axe whose findings hang on the theme; the others say of the dark page what they said of the light one.
OF_COLOURS = ("color-contrast", "link-in-text-block")
# Buttons are faint while what was pressed is on its way, and what fades in has not the contrast yet that it will have;
# what never ends is stopped.
ANSWERED = "() => !document.querySelector('.htmx-request')"
SETTLED = """() => { for (const one of document.getAnimations()) { try { one.finish() } catch { one.cancel() } } }"""
THEMES = ("light", "dark")
PATIENCE = 30_000  # for a busy machine; who has it at once does not wait
expect.set_options(timeout=PATIENCE)
ARRIVES_SECONDS = 60


@dataclass
class Person:
    """One browser profile. `problems` gathers script errors, refused content and server errors."""

    page: Page
    base: str
    email: str = ""
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: script error: {error}"))
        self.page.on("response", self._answered)

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.base + path, wait_until="load")
        return self.page

    def sees(self, path: str, where: str, what: str | re.Pattern[str]) -> None:
        """Open the page again and again until it shows that there: a worker brings it some time after the write."""
        until = time.monotonic() + ARRIVES_SECONDS
        while True:
            try:
                expect(self.open(path).locator(where)).to_contain_text(what, timeout=500)
                return
            except AssertionError:
                if time.monotonic() > until:
                    raise

    def sign_in(self, email: str) -> None:
        """Sign in through the form, as a person does."""
        self.email = email
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def _heard(self, message: ConsoleMessage) -> None:
        # A 404 that a test asks for is told on the console too; the answers themselves are judged in _answered.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        is_part = response.request.resource_type in {"stylesheet", "script", "font", "image"}
        if response.status >= 500 or (is_part and response.status >= 400):
            self.problems.append(f"{self.page.url}: {response.status} for {response.url}")
        if not response.url.startswith(("http://127.0.0.1", "http://localhost", "data:", "blob:")):
            self.problems.append(f"{self.page.url}: reached out to {response.url}")


class Crowd:
    """All profiles of a test; signed-in ones are kept so that each person signs in once a run."""

    def __init__(self, browser: Browser, urls: list[str], kept: dict[str, Any]) -> None:
        self._browser, self._urls, self._kept = browser, urls, kept
        self._contexts: list[BrowserContext] = []
        self.people: list[Person] = []

    def visitor(self, *, process: int = 0, script: bool = True) -> Person:
        """Somebody who is not signed in."""
        return self._person(None, process, script)

    def member(self, email: str, *, process: int = 0, script: bool = True) -> Person:
        """Somebody signed in, at one of the web processes."""
        if email not in self._kept:
            first = self._person(None, process, True)
            first.sign_in(email)
            self._kept[email] = first.page.context.storage_state()
        person = self._person(self._kept[email], process, script)
        person.email = email
        return person

    def _person(self, state: Any, process: int, script: bool) -> Person:
        context = self._browser.new_context(
            storage_state=state, java_script_enabled=script, viewport={"width": 1280, "height": 900}, locale="en-GB"
        )
        self._contexts.append(context)
        person = Person(context.new_page(), self._urls[process])
        self.people.append(person)
        return person

    def problems(self) -> list[str]:
        """What went wrong in any of the pages."""
        return [problem for person in self.people for problem in person.problems]

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def axe(page: Page, *, only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong, one line a node; by all its rules or by few. Both themes are looked at by the caller."""
    page.wait_for_function(ANSWERED)
    page.evaluate(SETTLED)
    if not page.evaluate("'axe' in window"):  # half a megabyte, which stays for the other theme
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"], **({"runOnly": list(only)} if only else {})}
    found = page.evaluate("async options => (await axe.run(options)).violations", options)
    return [
        f"{page.url} {violation['id']} ({violation['impact']}): {node['html'][:160]} — {node['failureSummary'][:200]}"
        for violation in found
        for node in violation["nodes"][:3]
    ]


def shoot(page: Page, name: str) -> list[Path]:
    """Pictures of the page as a phone and a desk see it, light and dark, in var/shots/; where E2E_SHOTS asks."""
    if not os.environ.get("E2E_SHOTS"):
        return []
    SHOTS.mkdir(parents=True, exist_ok=True)
    paths = []
    before = page.viewport_size or {"width": 1280, "height": 900}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            path = SHOTS / f"{name}-{width}-{theme}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")
            paths.append(path)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)
    return paths
