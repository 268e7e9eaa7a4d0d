"""What only a browser tells: the bytes of a cold topic page, and how long a reply takes to reach another reader."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import User
from accounts.viewer import viewer_for
from bench import client
from bench.people import Visitor
from bench.scenes import Scene
from bench.site import Site
from community.forums.models import Topic
from community.forums.services import topic_follow

# Told by the page itself, by the machine's one clock: when the bell and the banner of new posts change.
WATCH = """
() => {
  window.benchSeen = {};
  let both;
  window.benchBoth = new Promise((resolve) => { both = resolve; });
  const note = (name) => () => {
    window.benchSeen[name] ??= performance.timeOrigin + performance.now();
    if (window.benchSeen.bell && window.benchSeen.banner) both(window.benchSeen);
  };
  const options = { childList: true, characterData: true, subtree: true };
  new MutationObserver(note("bell")).observe(document.querySelector("[data-bell-count]"), options);
  const banner = document.querySelector("[data-live-banner]");
  if (banner) new MutationObserver(note("banner")).observe(banner, options);
}
"""


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """Chromium, or None where there is none."""
    program = shutil.which("chromium")
    if program is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def cold_bytes(browser: Browser, site: Site, path: str) -> dict[str, int]:
    """Bytes over the wire of a page in an empty browser, headers included, by kind; `total` is all of it."""
    context = browser.new_context()
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    kinds: dict[str, str] = {}
    sums: dict[str, int] = {}
    devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    devtools.on("Network.loadingFinished", lambda event: _add(sums, kinds, event))
    page.goto(f"http://127.0.0.1:{site.port}{path}", wait_until="networkidle")
    context.close()
    return {"total": sum(sums.values()), **dict(sorted(sums.items()))}


def _add(sums: dict[str, int], kinds: dict[str, str], event: dict[str, Any]) -> None:
    kind = kinds.get(event["requestId"], "Other").lower()
    sums[kind] = sums.get(kind, 0) + int(event["encodedDataLength"])


def followed(reader: Visitor) -> list[Topic]:
    """Two topics that the reader follows: asked before the browser runs, whose loop Django would refuse."""
    topics = list(Topic.objects.filter(space__audience="public", last_post_number__lt=20).order_by("-pk")[:2])
    for topic in topics:
        topic_follow(viewer=viewer_for(User.objects.get(username=reader.username)), topic=topic, on=True)
    return topics


def delivery(
    browser: Browser, site: Site, writer: Visitor, reader: Visitor, topics: list[Topic], *, samples: int
) -> dict[str, list[float]]:
    """Milliseconds from a reply's request to the reader's bell, and to the banner on the reader's open topic."""
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": reader.session, "domain": "127.0.0.1", "path": "/"}])
    page = context.new_page()
    taken: dict[str, list[float]] = {"bell": [], "banner": []}
    for number in range(samples):
        for name, seen in _sample(page, site, writer, topics[number % len(topics)], number).items():
            taken[name].append(seen)
    context.close()
    return taken


def _sample(page: Page, site: Site, writer: Visitor, topic: Topic, number: int) -> dict[str, float]:
    page.goto(f"http://127.0.0.1:{site.port}{topic.get_absolute_url()}?page=99")
    page.wait_for_selector("html[data-live=on]", state="attached")
    page.wait_for_timeout(700)  # the topic is watched, and what the visit itself changed has settled
    page.evaluate(WATCH)
    ask = Scene("reply", [f"/t/{topic.pk}/reply/"], is_reply=True).requests(writer, start=9_000 + number, gzip=False)
    began = time.time() * 1_000
    sender = threading.Thread(target=lambda: asyncio.run(client.run(site.port, [ask], each=1)))
    sender.start()  # this thread's loop is Playwright's
    seen = page.evaluate("() => window.benchBoth")
    sender.join()
    return {name: seen[name] - began for name in ("bell", "banner")}
