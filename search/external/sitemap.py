"""What a site says of itself: robots.txt and the sitemap (sitemaps.org, protocol 0.9), fetched by the one client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import Element, ParseError  # what defusedxml parses into; nothing is parsed by it here

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.dateparse import parse_datetime

from accounts.outgoing import OutgoingFailed, OutgoingRefused, fetch

AGENT: Final = "Threadwell"
MOST_FILES: Final = 10
MOST_PAGES: Final = 2_000
MOST_BYTES: Final = 10_000_000


class SiteProblem(Exception):
    """Why a site cannot be read, in words for the manager who added it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One address of a sitemap, and when the site says that it changed last."""

    url: str
    changed_at: datetime | None


def robots_of(address: str) -> RobotFileParser:
    """The site's wishes; a site without the file allows everything, one that fails to answer allows nothing now.

    Raises SiteProblem when it does not answer.
    """
    rules = RobotFileParser()
    try:
        answer = fetch(urljoin(address, "/robots.txt"), seconds=5, most_bytes=500_000)
    except (OutgoingFailed, OutgoingRefused) as error:
        raise SiteProblem(str(error)) from error
    if answer.status >= 500:
        raise SiteProblem(f"robots.txt: the site answers {answer.status}")
    rules.parse(answer.body.decode("utf-8", "replace").splitlines() if answer.status < 400 else [])
    return rules


def pages_of(address: str) -> list[Page]:
    """The pages of a sitemap or of an index of sitemaps, those of its own host, in the order of their addresses.

    Raises SiteProblem for what does not answer and what is no sitemap.
    """
    host, waiting, found = urlsplit(address).netloc, [address], {}
    for _file in range(MOST_FILES):
        if not waiting:
            break
        root = _parsed(waiting.pop(0))
        for entry in root:
            url = (_text(entry, "loc") or "").strip()
            if urlsplit(url).netloc != host or len(url) > 500:
                continue
            if root.tag.endswith("sitemapindex"):
                waiting.append(url)
            else:
                found[url] = Page(url, _moment(_text(entry, "lastmod")))
    return [found[url] for url in sorted(found)[:MOST_PAGES]]


def _parsed(url: str) -> Element:
    try:
        answer = fetch(url, seconds=10, most_bytes=MOST_BYTES)
    except (OutgoingFailed, OutgoingRefused) as error:
        raise SiteProblem(str(error)) from error
    if answer.status != 200:
        raise SiteProblem(f"{url}: the site answers {answer.status}")
    try:
        root = ElementTree.fromstring(answer.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SiteProblem(f"{url} is no sitemap: {type(error).__name__}") from error
    if not root.tag.endswith(("urlset", "sitemapindex")):
        raise SiteProblem(f"{url} is no sitemap")
    return root


def _text(entry: Element, name: str) -> str | None:
    return next((child.text for child in entry if child.tag.rpartition("}")[2] == name), None)


def _moment(text: str | None) -> datetime | None:
    """A W3C date or time; None for what is none."""
    text = (text or "").strip()
    try:
        moment = parse_datetime(text) or datetime.combine(date.fromisoformat(text), time())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
