"""From saved to found: replies and topics at a steady rate through the services, a worker beside, and one who looks.

One post in many carries a word of its own; a member asks the search service for that word until the post is among the
results. What is told is the time from the commit to that answer, so the time of asking is in it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue

from django.core.management import call_command
from django.db import close_old_connections, connection

from accounts.models import User
from accounts.viewer import Viewer, viewer_for
from bench import cpu, place
from bench.search import quantiles
from bench.words import Writer
from community.forums.models import Kind, Topic
from community.forums.services import reply_create, topic_create
from search import parser, services

WRITERS, LOOKERS = 6, 2
LOOKS_A_SECOND = 2  # so many posts a second are looked for
EVERY = 0.1  # seconds between two looks for the same post
PATIENCE = 60.0
TOPICS = 10  # one post in so many starts a topic

Saved = tuple[str, float]


class Town:
    """Who writes, where, and when it is whose turn."""

    def __init__(self, rate: float, seconds: float) -> None:
        people = User.objects.filter(is_agent=False, is_moderator=False).order_by("pk")[:40]
        self.people = [viewer_for(person) for person in people]
        open_topics = Topic.objects.visible_to(self.people[0]).exclude(kind=Kind.IDEA).order_by("-pk")
        self.topics = list(open_topics.select_related("space")[:400])
        self.count = int(rate * seconds)
        self.rate, self.looked = rate, max(1, round(rate / LOOKS_A_SECOND))
        self.turn, self.began = iter(range(self.count)), 0.0
        self.lock, self.saved = threading.Lock(), SimpleQueue[Saved | None]()
        self.asked = self.degraded = 0
        self.stamp = time.time_ns() // 1_000_000_000

    def warm(self) -> None:
        """Return once the worker is up: a first post was found, which is not counted."""
        word, viewer, until = f"p{self.stamp}warm", self.people[0], time.perf_counter() + 2 * PATIENCE
        self._save(1, word)
        while not self._finds(viewer, word):
            if time.perf_counter() > until:
                raise SystemExit("The first post was not found; see worker.log.")
            time.sleep(EVERY)
        self.asked = self.degraded = 0

    def write(self) -> int:
        """Save when it is time, until all is saved; returns how many this writer did."""
        done = 0
        writer = Writer(threading.get_ident() % 10_000)
        while (number := self._next()) is not None:
            time.sleep(max(0.0, self.began + number / self.rate - time.perf_counter()))
            word = f"p{self.stamp}n{number}"
            self._save(number, f"{writer.post(words=60)}\n\n{word}")
            if number % self.looked == 0:
                self.saved.put((word, time.perf_counter()))
            done += 1
        close_old_connections()
        connection.close()
        return done

    def _next(self) -> int | None:
        with self.lock:
            return next(self.turn, None)

    def _save(self, number: int, body: str) -> None:
        who, topic = self.people[number % len(self.people)], self.topics[number * 7 % len(self.topics)]
        if number % TOPICS:
            reply_create(viewer=who, topic=topic, body=body)
        else:
            topic_create(viewer=who, space=topic.space, kind=Kind.DISCUSSION, title=f"Turn {number}", body=body)

    def look(self) -> list[float]:
        """Milliseconds until each post was found by somebody else; waits for more until it is told that it is over."""
        taken, viewer = [], viewer_for(User.objects.order_by("-pk").first())
        while (saved := self.saved.get()) is not None:
            word, at = saved
            while not self._finds(viewer, word):
                if time.perf_counter() - at > PATIENCE:
                    raise SystemExit(f"A post was not found within {PATIENCE:.0f} s; is the worker running?")
                time.sleep(EVERY)
            taken.append((time.perf_counter() - at) * 1_000)
        connection.close()
        return taken

    def _finds(self, viewer: Viewer, word: str) -> bool:
        results = services.search(viewer, parser.parse(word))
        self.asked += 1
        self.degraded += results.degraded
        return bool(results.items)


@contextmanager
def worker(env: dict[str, str]) -> Iterator[subprocess.Popen]:
    """The worker process, ended afterwards."""
    with (place.FOLDER / "worker.log").open("wb") as log:
        command = [sys.executable, "manage.py", "worker"]
        process = subprocess.Popen(command, cwd=place.ROOT, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def run(given: argparse.Namespace, env: dict[str, str]) -> None:
    """Write, look, and print what it took."""
    call_command("worker", once=True)
    before, town = cpu.load(), Town(given.rate, given.seconds)
    with worker(env) as process, ThreadPoolExecutor(WRITERS + LOOKERS) as pool:
        town.warm()
        lookers = [pool.submit(town.look) for _ in range(LOOKERS)]
        town.began, used = time.perf_counter(), cpu.own([process.pid])
        written = sum(each.result() for each in [pool.submit(town.write) for _ in range(WRITERS)])
        took = time.perf_counter() - town.began
        for _ in lookers:
            town.saved.put(None)
        taken = [each for looker in lookers for each in looker.result()]
        used = cpu.own([process.pid]) - used
    print(f"{written} posts in {took:.1f} s, {written / took:.1f} a second ({given.rate:g} were asked for)")
    print(f"  from saved to found: {quantiles(taken)}")
    print(f"  {town.degraded} of {town.asked} answers were the database's, because Elasticsearch took over 2 s")
    print(f"  worker: {used / written * 1_000:.1f} ms of CPU a post; load {before:.1f} before, {cpu.load():.1f} after")
