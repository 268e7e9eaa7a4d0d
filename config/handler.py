"""How a request is answered under ASGI: the whole synchronous chain in one hop, on threads that keep their connection.

Django's own handler gives each request a thread of its own, so a database connection of its own, and changes threads
once for every old-style middleware. Measured here, the connections alone were a fifth of a page's cost.

One process often takes all the connections that a proxy keeps open, while its neighbours have none. So where requests
wait for their turn, the answer closes its connection: the next one is taken by whichever process is free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from config.again import Attempt
from config.turns import Turns

END = object()


class Unclosed:
    """A body that outlives the request that reads it: the next run of the same request reads it too."""

    def __init__(self, body: Any) -> None:
        self.read, self.readline = body.read, body.readline

    def close(self) -> None:
        """Whoever read the body closes it."""


class OneHopHandler(ASGIHandler):
    """Reads the body on the loop, answers on one of `WEB_THREADS` threads, sends on the loop.

    Requests wait for their turn (`config.turns`); one whose client has gone meanwhile is never begun. One that has
    begun is finished, so no write stops half-way.
    """

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware()
        self.threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="web")
        self.turns = Turns(settings.WEB_THREADS)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"This handler answers HTTP only, not {scope['type']}.")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await self._in_turn(scope, body, receive)
        if response is None:
            body.close()
            return
        if self.turns.is_crowded and scope.get("http_version") == "1.1":
            response.headers["Connection"] = "close"
        try:
            await self.send_response(response, send)
        finally:
            if response.streaming:
                await asyncio.wrap_future(self.threads.submit(copy_context().run, response.close))

    async def _in_turn(self, scope: dict[str, Any], body: Any, receive: Any) -> HttpResponseBase | None:
        """The response; None when the client left before anything was begun."""
        gone = asyncio.ensure_future(receive())
        try:
            if not await self.turns.enter(gone):
                return None
            try:
                return await asyncio.wrap_future(self.threads.submit(copy_context().run, self._answer, scope, body))
            finally:
                self.turns.leave()
        finally:
            gone.cancel()

    def _answer(self, scope: dict[str, Any], body: Any) -> HttpResponseBase:
        """The response; of a second run where the database took the first one back whole (`config.again`)."""
        request, response, attempt = self._attempt(scope, body)
        if attempt.may_go_again(response.status_code):
            if request is not None:
                request.close()
            signals.request_finished.send(sender=self.__class__)
            body.seek(0)
            request, response, attempt = self._attempt(scope, body)
        response._handler_class = self.__class__
        response._resource_closers.append(body.close)
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response

    def _attempt(self, scope: dict[str, Any], body: Any) -> tuple[HttpRequest | None, Any, Attempt]:
        """From request to response, with the signals around it: they keep the thread's connection in order."""
        attempt = Attempt()
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, response = self.create_request(scope, Unclosed(body))
        if request is not None:
            with connection.execute_wrapper(attempt):
                response = self.get_response(request)
        return request, response, attempt

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        """As Django, but the parts of a streamed answer are made on the threads too, one at a time."""
        if response.streaming and not response.is_async:  # type: ignore[attr-defined]
            response.streaming_content = self._parts(iter(response))  # type: ignore[attr-defined]
        await super().send_response(response, send)

    async def _parts(self, parts: Iterator[bytes]) -> Any:
        loop = asyncio.get_running_loop()
        while (part := await loop.run_in_executor(self.threads, next, parts, END)) is not END:
            yield part
