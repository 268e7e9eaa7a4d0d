"""Asking as somebody: pages with a session, the API with a session or a token; and what may differ between answers."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.leaks.world import World

_MASKED = [
    (re.compile(rb'nonce="[^"]*"|nonce-[\w+/=-]+'), b"nonce"),
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"'), b"csrf"),
    (re.compile(rb'name="key"[^>]*value="[^"]*"|value="[\w-]{22}"'), b"key"),
    (re.compile(rb'/search/click/[^/"]+/'), b"/search/click/token/"),
    (re.compile(rb">\d+ views?<"), b">views<"),  # counted readers: a page that is kept tells them a little later
    (re.compile(rb'data-click="[^"]*"|data-token="[^"]*"|data-log="[^"]*"'), b"click"),
]


class Visitor:
    """One persona's browser, or its API token."""

    def __init__(self, world: World, name: str) -> None:
        self.persona = world.personas[name]
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if self.persona.is_token:
            self.headers = {"Authorization": f"Bearer {world.tokens[name]}"}
        elif name != "anonymous":
            self.client.force_login(world.people[name])

    def opens(self, path: str) -> bool:
        """A token opens the API only."""
        return not self.persona.is_token or path.startswith("/api/")

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(path, headers=self.headers | headers)

    def post(self, path: str, data: dict[str, Any], *, method: str = "post") -> HttpResponse:
        sent = {"content_type": "application/json"} if path.startswith("/api/") or method != "post" else {}
        return getattr(self.client, method)(path, data, headers=self.headers, **sent)

    def reads(self, path: str) -> tuple[int, str]:
        """The status, and all of the answer in lower case: body and headers."""
        answer = self.get(path)
        return answer.status_code, (body_of(answer).decode(errors="replace") + str(answer.headers)).lower()


def body_of(answer: HttpResponse) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def masked(answer: HttpResponse, *also: str) -> bytes:
    """Status, headers and body without what differs from answer to answer: nonces, CSRF tokens, keys of forms, times.

    `also`: texts that differ because they were asked for, such as the slug in the address.
    """
    headers = "\n".join(
        f"{name}: {value}" for name, value in sorted(answer.headers.items())
        if name not in {"Content-Length", "Set-Cookie", "ETag", "X-Request-ID", "Server-Timing"}
    )  # fmt: skip
    text = f"{answer.status_code}\n{headers}\n".encode() + body_of(answer)
    for pattern, replacement in _MASKED:
        text = pattern.sub(replacement, text)
    for asked in also:
        text = text.replace(asked.encode(), b"asked")
    return text


def different(before: bytes, after: bytes) -> str:
    """The first line that is not the same, for a message."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    for one, two in pairs:
        if one != two:
            return f"{one[:200]!r} → {two[:200]!r}"
    return f"{len(before)} → {len(after)} bytes"
