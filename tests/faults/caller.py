"""A caller of the API and of forms: one person, one connection a call, over whichever web process answers."""

from __future__ import annotations

import http.client
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from accounts.models import ApiToken, User
from accounts.services.tokens import digest_of
from tests.community.notifications.servers import session_of

CSRF = "a" * 32


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Caller:
    """A person (or nobody) who calls `port`; a call raises OSError or HTTPException where the process is gone."""

    def __init__(self, user: User | None = None, *, timeout: float = 60) -> None:
        self.user, self.timeout = user, timeout
        self.token = f"tw_{secrets.token_urlsafe(24)}"
        self.session = session_of(user) if user else ""
        if user is not None:
            scopes = ["read", "write", "private", "staff"]
            ApiToken.objects.create(user=user, prefix=self.token[:10], digest=digest_of(self.token), scopes=scopes)

    def api(self, port: int, method: str, path: str, body: dict | None = None, *, key: str = "") -> Answer:
        """A call of `/api/v1/…` with this person's token."""
        headers = {"Content-Type": "application/json"}
        if self.user is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        return self._call(port, method, f"/api/v1/{path}", json.dumps(body) if body is not None else "", headers)

    def form(self, port: int, path: str, **fields: Any) -> Answer:
        """A form sent from a page, with this person's session."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={CSRF}"}
        if self.session:
            headers["Cookie"] += f"; {settings.SESSION_COOKIE_NAME}={self.session}"
        return self._call(port, "POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **fields}), headers)

    def get(self, port: int, path: str) -> Answer:
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.session}"
        return self._call(port, "GET", path, "", {"Cookie": cookie} if self.session else {})

    def _call(self, port: int, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=self.timeout)
        try:
            connection.request(method, path, body.encode() or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)
        finally:
            connection.close()
