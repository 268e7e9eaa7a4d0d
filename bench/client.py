"""A light HTTP/1.1 client for load: keep-alive connections over asyncio streams, nothing parsed but what is needed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

HEAD_END = b"\r\n\r\n"


@dataclass
class Tally:
    """What one run at one page gave; times in milliseconds."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    size: int = 0
    seconds: float = 0.0

    def add(self, took: float, status: int, size: int) -> None:
        self.times.append(took)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.size = size

    @property
    def count(self) -> int:
        return len(self.times)

    def quantile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


Ask = Callable[[], bytes]


async def run(port: int, asks: list[Ask], *, seconds: float = 0.0, each: int = 0) -> Tally:
    """One connection for each of `asks`, each asking again as soon as it is answered: for a time, or `each` times."""
    tally = Tally()
    began = time.perf_counter()
    until = began + seconds if seconds else float("inf")
    await asyncio.gather(*(_connection(port, ask, tally, until, each or 10**9) for ask in asks))
    tally.seconds = time.perf_counter() - began
    return tally


async def _connection(port: int, ask: Ask, tally: Tally, until: float, most: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    try:
        for _ in range(most):
            began = time.perf_counter()
            if began >= until:
                break
            writer.write(ask())
            status, size, stays = await answer(reader)
            tally.add((time.perf_counter() - began) * 1_000, status, size)
            if not stays:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    """Read one answer: its status, the bytes of its body as sent, and whether the connection stays open."""
    head = (await reader.readuntil(HEAD_END)).lower()
    status = int(head[9:12])
    stays = b"connection: close" not in head
    at = head.find(b"content-length:")
    if at >= 0:
        size = int(head[at + 15 : head.index(b"\r\n", at)])
        if size:
            await reader.readexactly(size)
        return status, size, stays
    size = 0
    if b"transfer-encoding: chunked" in head:
        while chunk := int((await reader.readuntil(b"\r\n")), 16):
            await reader.readexactly(chunk + 2)
            size += chunk
        await reader.readexactly(2)
    return status, size, stays


def get(path: str, *, cookies: str = "", gzip: bool = False) -> bytes:
    """The bytes of a GET request."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html"]
    lines += [f"Cookie: {cookies}"] if cookies else []
    lines += ["Accept-Encoding: gzip"] if gzip else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, body: bytes, *, cookies: str) -> bytes:
    """The bytes of a form's POST request."""
    lines = [
        f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html", f"Cookie: {cookies}",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
