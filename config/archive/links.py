"""Addresses in Markdown: found, compared with where rows once stood, and pointed at where they stand now."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from django.conf.locale import LANG_INFO

from config.archive.html import escape

_LINK: Final = re.compile(
    r"\[(?P<text>(?:\\.|[^\[\]\\]){0,500})\]\((?P<target>[^()\s]{1,2000})\)"
    r"|<(?P<auto>https?://[^<>\s]{1,2000})>"
    r"|(?P<bare>https?://[^\s<>()\[\]`]{1,2000})",
    re.DOTALL,
)
_TICKS: Final = re.compile(r"(?<!\\)`+")
_FILE: Final = re.compile(r"/files/[\w-]{22}/", re.ASCII)
_LOCALE: Final = re.compile(r"^([a-z]{2,3})(?:[-_][A-Za-z]{2,4})?$")
_TRACKING: Final = re.compile(r"^(?:utm_\w+|sid|highlight|fbclid|gclid|as|ref|source)$")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads now; `title` stands for a link that showed nothing but its old address.

    It is empty where not everyone may read what is there: then the link shows its new address.
    """

    url: str
    title: str


def host_of(url: str) -> str:
    """The host without www; empty for an address that has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def keys_of(url: str) -> list[str]:
    """The names under which a page may be known: with its query, then without; never with a language before it."""
    host = host_of(url)
    return [short(f"{host}/{path}".rstrip("/") if path[:1] != "?" else host + path) for path in paths_of(url) if host]


def paths_of(url: str) -> list[str]:
    """The same without the host; of an address that has none, too."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    segments = [unquote(part) for part in parts.path.split("/") if part]
    if len(segments) > 1 and (locale := _LOCALE.match(segments[0])) and locale[1] in LANG_INFO:
        segments = segments[1:]
    path = "/".join(segments)
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query)[:50] if not _TRACKING.match(pair[0])))
    return [f"{path}?{query}", path] if query else [path]


def short(key: str) -> str:
    """A key that fits its column: a long one as its digest."""
    return key if len(key) <= 300 else hashlib.blake2b(key.encode(), digest_size=30).hexdigest()


def addresses(markdown: str) -> Iterator[str]:
    """Every absolute web address that the text links to, code left out."""
    for is_code, part in _parts(markdown):
        for match in () if is_code else _LINK.finditer(part):
            found = match["target"] or match["auto"] or match["bare"]
            if found and found.startswith(("http://", "https://")):
                yield _trimmed(found) if match["bare"] else found


def leads_to(markdown: str, host: str) -> bool:
    """Whether any link leads to this host."""
    return bool(host) and host in markdown and any(host_of(url) == host for url in addresses(markdown))


def rewritten(markdown: str, resolve: Callable[[str], Target | None]) -> str:
    """The text with every link that `resolve` knows pointed at its new address; all else stays to the letter."""

    def changed(match: re.Match[str]) -> str:
        old = match["target"] or match["auto"] or match["bare"] or ""
        rest = ""
        if match["bare"]:
            rest, old = old[len(_trimmed(old)):], _trimmed(old)
        target = resolve(old) if old.startswith(("http://", "https://")) else None
        if target is None:
            return match[0]
        text = match["text"]
        if text is None or text.replace("\\", "").startswith(("http://", "https://")):
            text = re.sub(r"(?<!\\)[\[\]]", r"\\\g<0>", escape(target.title or target.url))
        return f"[{text}]({target.url}){rest}"

    return _replaced(markdown, changed)


def made_absolute(markdown: str, *, base_url: str) -> str:
    """Relative links of a text from elsewhere, made absolute by where it stood; files come along."""
    if not base_url or "](/" not in markdown:
        return markdown

    def changed(match: re.Match[str]) -> str:
        target = match["target"] or ""
        if not target.startswith("/") or target.startswith("//") or _FILE.match(target):
            return match[0]
        return f"[{match['text']}]({urljoin(base_url, target)})"

    return _replaced(markdown, changed)


def _replaced(markdown: str, changed: Callable[[re.Match[str]], str]) -> str:
    return "".join(part if is_code else _LINK.sub(changed, part) for is_code, part in _parts(markdown))


def _parts(markdown: str) -> Iterator[tuple[bool, str]]:
    """The text cut into code and the rest: code is what stands between two equal runs of backticks."""
    runs = list(_TICKS.finditer(markdown))
    closing: list[int | None] = [None] * len(runs)
    latest: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        length = len(runs[number][0])
        closing[number] = latest.get(length)
        latest[length] = number
    position = number = 0
    while number < len(runs):
        end = closing[number]
        if end is not None:
            yield False, markdown[position:runs[number].start()]
            yield True, markdown[runs[number].start():runs[end].end()]
            position, number = runs[end].end(), end
        number += 1
    yield False, markdown[position:]


def _trimmed(url: str) -> str:
    return url.rstrip(".,;:!?'\"*_~\\")
