"""A TCP proxy before one server: passes, refuses, hangs, delays, cuts or resets, as it is told."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from typing import Literal

Mode = Literal["pass", "refuse", "hang", "delay", "cut", "reset"]


class Proxy:
    """Listens on a port of its own. `set` changes what it does, to open connections too; callable from any thread."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._mode: Mode = "pass"
        self._seconds, self._left = 0.0, 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self._thread.start()
        self._run(self._listen())

    def set(self, mode: Mode, *, seconds: float = 0.0, after: int = 0) -> None:
        """`seconds` is the delay of each piece, `after` how many bytes pass before all is cut."""
        self._run(self._set(mode, seconds, after))

    def close(self) -> None:
        self._run(self._set("refuse", 0.0, 0))
        self._run(self._drop_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self, work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _drop_tasks(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        self._gate = getattr(self, "_gate", None) or asyncio.Event()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _set(self, mode: Mode, seconds: float, after: int) -> None:
        self._mode, self._seconds, self._left = mode, seconds, after
        (self._gate.clear if mode == "hang" else self._gate.set)()
        if mode in {"refuse", "reset"}:
            for writer in list(self._writers):
                self._break(writer)
        if mode == "refuse" and self._server is not None:
            self._server.close()
            self._server = None
        elif mode != "refuse" and self._server is None:
            await self._listen()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        if self._mode in {"reset", "refuse"}:
            self._break(writer)
            return
        if self._mode == "pass":
            self._gate.set()
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            self._break(writer)
            return
        self._writers.add(far_writer)
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                await self._gate.wait()
                if self._mode == "delay":
                    await asyncio.sleep(self._seconds)
                if self._mode == "cut":
                    self._left -= len(data)
                    if self._left < 0:
                        writer.write(data[: self._left])
                        await writer.drain()
                        break
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _break(self, writer: asyncio.StreamWriter) -> None:
        """End a connection with a reset instead of a goodbye."""
        self._writers.discard(writer)
        plain = writer.get_extra_info("socket")
        if plain is not None:
            try:
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass
        writer.transport.abort()
