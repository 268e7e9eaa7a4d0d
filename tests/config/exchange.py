"""Requests handed to the handler as a server would hand them over."""

from __future__ import annotations

import asyncio
from typing import Any

from config.handler import OneHopHandler


class Exchange:
    """One request as a server would hand it over; `leave` is the client hanging up."""

    def __init__(self, path: str, *, method: str = "GET", body: list[bytes] | None = None, headers: Any = ()) -> None:
        path, _, query = path.partition("?")
        self.scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "headers": [(b"host", b"testserver"), *headers], "server": ("testserver", 80), "http_version": "1.1",
        }  # fmt: skip
        self._parts = body or [b""]
        self._left = asyncio.Event()
        self.sent: list[dict] = []

    async def receive(self) -> dict:
        if self._parts:
            part = self._parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(self._parts)}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        self.sent.append(message)

    def leave(self) -> None:
        self._left.set()

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


async def ask(handler: OneHopHandler, path: str, **kwargs: Any) -> Exchange:
    exchange = Exchange(path, **kwargs)
    await asyncio.wait_for(handler(exchange.scope, exchange.receive, exchange.send), 60)
    return exchange
