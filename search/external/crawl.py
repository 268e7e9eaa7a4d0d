"""Reading a site by its sitemap: a turn of twenty pages, one after the other, the next turn half a minute later."""

from __future__ import annotations

import codecs
import logging
import re
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from accounts.outgoing import OutgoingFailed, OutgoingRefused, fetch
from accounts.sandbox import JobFailed, JobRefused, run
from accounts.viewer import system_viewer
from search.external import services
from search.external.models import ExternalSource
from search.external.services import RecordInput
from search.external.sitemap import AGENT, Page, SiteProblem, pages_of, robots_of

logger = logging.getLogger("threadwell.external")
TURN: Final = 20
LEASE: Final = timedelta(minutes=10)
EVERY: Final = timedelta(hours=24)
AGAIN: Final = timedelta(hours=1)  # after a problem
_running = threading.Lock()
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset=["']?([A-Za-z0-9_-]{2,40})""", re.IGNORECASE)
_ODD: Final = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7"}  # no page is written in these


def start() -> bool:
    """Begin a turn in a thread of its own where a source is due; False when one runs already or nothing is due."""
    if not _due(timezone.now()).exists() or not _running.acquire(blocking=False):
        return False
    threading.Thread(target=_turn_in_thread, name="crawl", daemon=True).start()
    return True


def _turn_in_thread() -> None:
    try:
        turn()
    except Exception:
        logger.exception("Reading an external source failed; its lease ends in %s.", LEASE)
    finally:
        connections.close_all()
        _running.release()


def turn(*, now: datetime | None = None) -> int:
    """Read the next pages of one source that is due; returns how many were fetched. Any number of workers may."""
    now = now or timezone.now()
    source = _claimed(now)
    if source is None:
        return 0
    try:
        return _Reading(source, now).go_on()
    except SiteProblem as problem:
        _settle(source, due_at=now + AGAIN, last_error=str(problem)[:300])
        return 0


def _due(now: datetime):  # type: ignore[no-untyped-def]
    return ExternalSource.objects.filter(way=ExternalSource.Way.SITEMAP, due_at__lte=now)


def _claimed(now: datetime) -> ExternalSource | None:
    """The source that waits longest, with a lease: whoever moves `due_at` first has it."""
    for source in _due(now).order_by("due_at")[:3]:
        if ExternalSource.objects.filter(pk=source.pk, due_at=source.due_at).update(due_at=now + LEASE):
            return source
    return None


def _settle(source: ExternalSource, **fields: object) -> None:
    ExternalSource.objects.filter(pk=source.pk).update(**fields)


@dataclass(slots=True)
class _Reading:
    """One turn through one site."""

    source: ExternalSource
    now: datetime

    def go_on(self) -> int:
        robots = robots_of(self.source.address)
        pages = [page for page in pages_of(self.source.address) if robots.can_fetch(AGENT, page.url)]
        if self.source.place == 0 or self.source.began_at is None:
            self.source.began_at, self.source.place = self.now, 0
        known = dict(self.source.records.values_list("key", "updated_at"))
        fetched, place, unchanged = 0, self.source.place, []
        while place < len(pages) and fetched < TURN:
            page = pages[place]
            if page.url in known and page.changed_at is not None and known[page.url] == page.changed_at:
                unchanged.append(page.url)
            else:
                self._take(page)
                fetched += 1
            place += 1
        services.records_seen(viewer=system_viewer(), source=self.source, keys=unchanged, at=self.now)
        self._close(place, len(pages))
        return fetched

    def _take(self, page: Page) -> None:
        """Fetch a page and keep what it says; what is not for search is not seen, so it is forgotten in the end."""
        try:
            record = _read(page)
            if record is not None:
                services.records_put(viewer=system_viewer(), source=self.source, records=[record], at=self.now)
        except (_Away, ValidationError) as error:
            logger.info("%s is left as it was: %s", page.url, error)
            services.records_seen(viewer=system_viewer(), source=self.source, keys=[page.url], at=self.now)

    def _close(self, place: int, of: int) -> None:
        if place < of:
            _settle(self.source, place=place, began_at=self.source.began_at, due_at=self.now, last_error="")
            return
        services.records_forget(viewer=system_viewer(), source=self.source, before=self.source.began_at or self.now)
        _settle(
            self.source, place=0, began_at=None, due_at=self.now + EVERY, read_at=timezone.now(), last_error=""
        )


class _Away(Exception):
    """A page cannot be had or read now, which says nothing of what it holds."""


def _read(page: Page) -> RecordInput | None:
    """A page as a record; None when it is gone, no HTML, hidden from search, or has no title. Raises _Away."""
    try:
        answer = fetch(page.url)
        if answer.status in {404, 410}:
            return None
        if answer.status != 200:
            raise _Away(f"the site answers {answer.status}")
        kind = Message()
        kind["Content-Type"] = answer.headers.get("content-type", "")
        if kind.get_content_type() != "text/html":
            return None
        html = _decoded(answer.body, str(kind.get_content_charset() or ""))
        told, text = run("page", html.encode("utf-8", "replace"), cpu=5, seconds=8, memory=600_000_000)
    except (OutgoingFailed, OutgoingRefused, JobFailed, JobRefused) as error:
        raise _Away(str(error)) from error
    if told["is_hidden"] or not told["title"]:
        return None
    body = "".join(character for character in text.decode() if character == "\n" or character.isprintable())
    return RecordInput(
        key=page.url, url=page.url, title=told["title"], body=body, language=told["language"].partition("-")[0],
        updated_at=page.changed_at,
    )


def _decoded(body: bytes, named: str) -> str:
    """The page as text: by the header's charset, else by the page's own word, else UTF-8; odd bytes are replaced."""
    if not named and (found := _CHARSET.search(body[:2_048])):
        named = found[1].decode()
    try:
        codec = codecs.lookup(named or "utf-8")
    except (LookupError, ValueError):
        codec = codecs.lookup("utf-8")
    if not codec._is_text_encoding or codec.name in _ODD:  # type: ignore[attr-defined]
        codec = codecs.lookup("utf-8")
    return body.decode(codec.name, "replace")
