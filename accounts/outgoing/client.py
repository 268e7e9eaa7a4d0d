"""Fetch one address: the checked number is connected to, and time, size and hops are bounded over the whole errand."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from accounts.outgoing.addresses import Target, target_of
from accounts.outgoing.errors import OutgoingFailed, OutgoingRefused

SECONDS: Final = 10.0
MOST_BYTES: Final = 2_000_000
HOPS: Final = 5
MOST_HEADERS: Final = 32_000
AGENT: Final = "Threadwell"
_MOVED: Final = {301, 302, 303, 307, 308}
_PART: Final = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `url` is where it came from in the end; `headers` have names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
    hops: int = HOPS,
) -> Answer:
    """One errand: at most `seconds` in all, `most_bytes` of decoded body, `hops` redirects (only GET follows any).

    Every hop is checked anew; none leads from https to http, and what `headers` say goes to the first host alone.
    Raises OutgoingRefused or OutgoingFailed. A 4xx or 5xx is an Answer like any other.
    """
    deadline = time.monotonic() + seconds
    sent = dict(headers or {})
    for _hop in range(hops + 1):
        target = target_of(url, seconds=deadline - time.monotonic())
        answer, onward = _ask(target, url, method, sent, body, deadline, most_bytes)
        if onward is None or method != "GET":
            return answer
        following = urljoin(url, onward)
        if url.startswith("https:") and not following.startswith("https:"):
            raise OutgoingRefused("a redirect from https to http")
        if urlsplit(following).netloc != urlsplit(url).netloc:
            sent = {}
        url = following
    raise OutgoingFailed(f"more than {hops} redirects")


def _ask(
    target: Target, url: str, method: str, headers: Mapping[str, str], body: bytes | None, deadline: float, most: int
) -> tuple[Answer, str | None]:
    """One hop: the answer, and where it sends us on."""
    fixed = {"Host": target.host_header, "User-Agent": AGENT, "Accept-Encoding": "gzip", "Connection": "close"}
    try:
        with _connected(target, deadline) as connection:
            connection.request(method, target.path, body=body, headers={**headers, **fixed}, preload_content=False)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.headers.items()}
            if sum(len(name) + len(value) for name, value in response.headers.items()) > MOST_HEADERS:
                raise OutgoingFailed("too many headers")
            onward = told.get("location") if response.status in _MOVED else None
            content = b"" if onward is not None else _body(response, told, deadline, most)
    except (HTTPError, OSError, ValueError, zlib.error) as error:
        late = "not in time" if time.monotonic() >= deadline else type(error).__name__
        raise OutgoingFailed(f"{target.host}: {late}") from error
    return Answer(response.status, told, content, url), onward


@contextmanager
def _connected(target: Target, deadline: float) -> Iterator[HTTPConnection]:
    """A connection to the number that was checked, cut at the deadline whatever the other side drips."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise OutgoingFailed("out of time")
    connection: HTTPConnection = (
        HTTPSConnection(
            target.address, target.port, timeout=left, server_hostname=target.host, ca_certs=certifi.where(),
            cert_reqs="CERT_REQUIRED",
        )
        if target.scheme == "https" else HTTPConnection(target.address, target.port, timeout=left)
    )  # fmt: skip
    cut = threading.Timer(left, _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        connection.connect()
        yield connection
    finally:
        cut.cancel()
        connection.close()


def _cut(connection: HTTPConnection) -> None:
    try:
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it ended by itself


def _body(response: HTTPResponse, headers: Mapping[str, str], deadline: float, most: int) -> bytes:
    """The decoded body; a bomb is stopped at the limit, not after unpacking it."""
    coding = headers.get("content-encoding", "identity").lower()
    if coding not in {"identity", "gzip"}:
        raise OutgoingFailed("an encoding that was not asked for")
    unpack = zlib.decompressobj(31) if coding == "gzip" else None
    content = bytearray()
    while part := response.read1(_PART, decode_content=False):
        content += unpack.decompress(part, most + 1 - len(content)) if unpack else part
        if len(content) > most or (unpack and unpack.unconsumed_tail):
            raise OutgoingFailed(f"more than {most:,} bytes")
        if time.monotonic() > deadline:
            raise OutgoingFailed("not in time")
    if time.monotonic() > deadline:  # the cut ends a body that has no length as if it were whole
        raise OutgoingFailed("not in time")
    return bytes(content)
