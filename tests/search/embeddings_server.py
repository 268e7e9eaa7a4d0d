"""An embeddings endpoint of the common form, whose model knows a few things: words that mean the same share an axis."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MEANINGS = (
    {"cold", "chilly", "freezing", "frost"}, {"room", "bedroom", "chamber"}, {"lamp", "light", "bulb"},
    {"broken", "dead", "defective"}, {"garden", "lawn", "yard"},
)
DIMENSIONS = len(MEANINGS) + 1


class EmbeddingsServer(ThreadingHTTPServer):
    """`asked` are the texts that were sent; `status` other than 200 refuses; `gate` unset keeps callers waiting."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.status = 200
        self.gate = threading.Event()
        self.gate.set()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: EmbeddingsServer

    def do_POST(self) -> None:
        texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        self.server.gate.wait(20)
        self.server.asked += texts
        data = [{"index": index, "embedding": _vector(text)} for index, text in enumerate(texts)]
        body = json.dumps({"data": data}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the caller waited no longer

    def log_message(self, *args: object) -> None:
        """Nothing: the tests read `asked`."""


def _vector(text: str) -> list[float]:
    words = set(re.findall(r"\w+", text.lower()))
    known = [float(len(words & meaning)) for meaning in MEANINGS]
    return [*known, 0.0 if any(known) else 1.0]


@contextmanager
def embeddings_server() -> Iterator[EmbeddingsServer]:
    server = EmbeddingsServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.gate.set()
        server.shutdown()
        server.server_close()
