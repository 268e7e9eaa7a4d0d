"""A small site to be read: `pages` are its HTML by path, `hits` what was asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Handler(BaseHTTPRequestHandler):
    server: DocsSite

    def do_GET(self) -> None:
        self.server.hits.append(self.path)
        status, kind, body = self.server.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: the tests read `hits`."""


class DocsSite(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hits: list[str] = []
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.changed: dict[str, str] = {}
        self.robots = ""

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def sitemap(self) -> str:
        return f"http://{self.place}/sitemap.xml"

    def page(self, path: str, html: str, *, status: int = 200, kind: str = "text/html", at: str = "") -> None:
        self.pages[path] = (status, kind, html.encode())
        self.changed[path] = at

    def fetched(self) -> list[str]:
        """The pages that were asked for since the last call, in order."""
        found = [hit for hit in self.hits if hit not in {"/robots.txt", "/sitemap.xml"}]
        self.hits.clear()
        return found

    def answer(self, path: str) -> tuple[int, str, bytes]:
        if path == "/robots.txt":
            return (200, "text/plain", self.robots.encode()) if self.robots else (404, "text/plain", b"")
        if path in self.pages:
            return self.pages[path]
        if path == "/sitemap.xml":
            return 200, "application/xml", self._urls()
        return 404, "text/html", b""

    def _urls(self) -> bytes:
        rows = "".join(
            f"<url><loc>http://{self.place}{path}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</url>"
            for path, at in self.changed.items()
        )
        other = "<url><loc>http://other.example/stolen</loc></url>"
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}{other}</urlset>'.encode()


@contextmanager
def docs_site() -> Iterator[DocsSite]:
    site = DocsSite()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()
