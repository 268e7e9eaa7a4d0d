"""A web server that does to its callers what hostile ones do; `hits` are the paths that were asked for."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class _Handler(BaseHTTPRequestHandler):
    server: HostileServer

    def do_GET(self) -> None:
        self.server.hits.append(self.path)
        self.server.seen.append(dict(self.headers))
        what, _, rest = self.path.lstrip("/").partition("/")
        try:
            getattr(self, f"say_{what or 'hello'}")(unquote(rest))
        except OSError:
            pass  # the caller has left

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        """Nothing: the tests read `hits`."""

    def _head(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def say_hello(self, rest: str) -> None:
        self._head(Content_Length="5")
        self.wfile.write(b"hello")

    def say_to(self, rest: str) -> None:
        self._head(302, Location=rest, Content_Length="0")

    def say_loop(self, rest: str) -> None:
        self._head(302, Location="/loop/", Content_Length="0")

    def say_endless(self, rest: str) -> None:
        self._head()
        while not self.server.over.is_set():
            self.wfile.write(b"x" * 65_536)

    def say_drip(self, rest: str) -> None:
        """A byte at a time, for ever; of the body or, with `head`, of the headers."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"X: " if rest == "head" else b"\r\n"))
        while not self.server.over.wait(0.05):
            self.wfile.write(b"x")

    def say_silence(self, rest: str) -> None:
        self.server.over.wait()

    def say_bomb(self, rest: str) -> None:
        packed = gzip.compress(b"\0" * 50_000_000)
        self._head(Content_Encoding="gzip", Content_Length=str(len(packed)))
        self.wfile.write(packed)

    def say_gzip(self, rest: str) -> None:
        packed = gzip.compress(b"hello" * 10)
        self._head(Content_Encoding="gzip", Content_Length=str(len(packed)))
        self.wfile.write(packed)

    def say_headers(self, rest: str) -> None:
        self._head(**{f"X{number}": "x" * 1_000 for number in range(90)})


class HostileServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hits: list[str] = []
        self.seen: list[dict[str, str]] = []
        self.over = threading.Event()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def hostile_server() -> Iterator[HostileServer]:
    server = HostileServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
