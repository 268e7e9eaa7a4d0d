"""`manage.py serve`: web and worker in one process, which is all that the embedded mode needs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.urls import get_resolver
from django.utils import autoreload

from accounts.events import wake, worker

PATIENCE_SECONDS = 5


class Command(BaseCommand):
    help = "Serve pages and sockets, with the worker in a thread beside them."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--reload", action="store_true", help="start again when a file changes (DEBUG only)")
        parser.add_argument("--demo", action="store_true", help="make the tables and load the demo community first")
        parser.add_argument("--quiet", action="store_true", help="say nothing but problems")

    def handle(self, *args, host: str, port: int, reload: bool, demo: bool, quiet: bool, **options) -> None:
        if reload and not settings.DEBUG:
            raise CommandError("--reload is for DEBUG only.")
        if reload:
            autoreload.run_with_reloader(_serve, host, port)
            return
        _refuse_taken(host, port)
        if demo:
            _load_demo()
        if not quiet:
            self.stdout.write(f"Serving on http://{host}:{port}/ with the worker beside it. Ctrl-C stops both.")
        # uvicorn raises the signal that ended it once more; with these the worker still gets to finish its round.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        _serve(host, port)


def _serve(host: str, port: int) -> None:
    stop = threading.Event()
    beside = threading.Thread(target=worker.run_forever, args=(stop,), name="worker", daemon=True)
    config = uvicorn.Config(
        "config.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws_max_size=65_536,  # a frame of ours is some bytes; the default lets 16 MB into memory first
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=PATIENCE_SECONDS,
    )
    beside.start()
    try:
        uvicorn.Server(config).run()
    finally:
        stop.set()
        wake.worker()
        beside.join(PATIENCE_SECONDS)


def _load_demo() -> None:
    """`demo --migrate` in a child, which begins with all that is loaded here: to load it takes seconds.

    What the demo leaves in memory (the states of 250 migrations) ends with it; the addresses are ready here by then.
    """
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(
        target=call_command, args=("demo",), kwargs={"migrate": True}, name="demo", daemon=True
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the child ends with us
    child.start()
    _loaded = get_resolver().url_patterns
    child.join()
    if child.exitcode:
        raise CommandError("The demo community could not be loaded; the lines above say why.")


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"Cannot listen on {host}:{port} ({error.strerror}). Set PORT or HOST.") from error
