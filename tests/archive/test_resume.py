"""An import that is killed goes on where it was, and ends as if nothing had happened (E25)."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.models import Count

from accounts.events.models import Event
from accounts.models import User
from community.forums.models import Post, Topic
from community.spaces.models import Space
from config.archive import run as run_module
from config.archive.run import Busy
from config.models import ImportCheckpoint, ImportedId
from tests.factories.archive import make_archive, make_run, reply_row, run_import, thread_row

ROWS = 1_200


def archive(folder: Path, rows: int = ROWS) -> Path:
    return make_archive(
        folder,
        members=[{"username": f"person {n}"} for n in range(rows // 4)],
        threads=[
            thread_row(
                n, author=f"person {n % 300}", category=f"part {n % 3}",
                html=f'<p>Number {n}, see <a href="https://old.example/questions/{(n * 7) % rows}">that</a>.</p>',
                replies=[reply_row(f"{n}-{k}", author=f"guest {k}") for k in range(n % 4)],
            )
            for n in range(rows)
        ],
    )  # fmt: skip


@pytest.mark.django_db
def test_import_when_a_batch_fails_then_goes_on_after_the_last_one_that_was_stored(tmp_path, monkeypatch):
    folder = archive(tmp_path, 60)
    monkeypatch.setattr(run_module, "BATCH_LINES", 20)
    run = make_run(folder)
    run.progress = Breaking(after=3)

    with pytest.raises(KeyboardInterrupt):
        run()
    line = ImportCheckpoint.objects.get(name="threads").line
    assert 0 < line < 60 and Topic.objects.count() == line

    again = make_run(folder)
    report = again()
    assert again.resumed["threads.jsonl"] == line
    assert report.counts["threads"]["new"] == Topic.objects.count() == 60
    assert run_import(folder).total("new", "changed", "bad") == 0


class Breaking:
    """A progress that stops the run, as Ctrl-C would, after so many batches."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, *_args: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


@pytest.mark.django_db
def test_bad_rows_when_a_run_goes_on_then_are_named_once(tmp_path, monkeypatch):
    rows = [thread_row(n, title=None if n % 10 == 5 else f"Lamp {n} flickers") for n in range(60)]
    folder = make_archive(tmp_path, threads=rows)
    monkeypatch.setattr(run_module, "BATCH_LINES", 20)
    run = make_run(folder)
    run.progress = Breaking(after=2)
    with pytest.raises(KeyboardInterrupt):
        run()
    run.report.note("threads.jsonl", 47, "title", "noted by the run that was killed before it stored this line")

    report = run_import(folder)

    assert report.counts["threads"]["bad"] == 6
    assert len(report.path.read_text().splitlines()) == 6


@pytest.mark.django_db
def test_import_when_another_one_runs_then_waits_for_nobody_and_says_so(tmp_path):
    folder = archive(tmp_path, 8)
    first = make_run(folder)
    met: list[type] = []

    def progress(*_args: object) -> None:
        try:
            make_run(folder)()
        except Busy as error:
            met.append(type(error))

    first.progress = progress
    first()

    assert met and Topic.objects.count() == 8


@pytest.mark.django_db
def test_import_when_stopped_within_a_batch_then_nothing_of_that_batch_stays_and_it_ends_as_an_undisturbed_one(
    tmp_path, monkeypatch
):
    """What `kill -9` does to the transaction under way, in this process; the long suite kills real ones."""
    folder = archive(tmp_path, 40)
    monkeypatch.setattr(run_module, "BATCH_LINES", 10)
    with monkeypatch.context() as patch:
        stop_at_topic(27, patch)
        with pytest.raises(KeyboardInterrupt):
            make_run(folder)()
    assert Topic.objects.count() == ImportCheckpoint.objects.get(name="threads").line == 20
    assert ImportedId.objects.filter(kind="topic").count() == 20

    report = run_import(folder)
    killed = content()
    assert report.counts["threads"]["new"] == Topic.objects.count() == 40

    Topic.objects.all().delete()
    Space.objects.filter(slug__startswith="part").delete()
    User.objects.exclude(imported_from="").delete()
    for model in (ImportCheckpoint, ImportedId, Event):
        model.objects.all().delete()
    run_import(folder)
    assert content() == killed


def stop_at_topic(number: int, patch: pytest.MonkeyPatch) -> None:
    """End the process, as far as a test can, while this topic is being prepared for its batch's statements."""
    real, met = run_module.ThreadImporter.store, []

    def store(self, item):
        met.append(item)
        if len(met) == number:
            raise KeyboardInterrupt
        return real(self, item)

    patch.setattr(run_module.ThreadImporter, "store", store)


def content() -> list[tuple]:
    """All that an import writes, without ids that depend on the order of writing."""
    return [
        *Topic.objects.order_by("imported_from").values_list(
            "imported_from", "title", "reply_count", "last_post_number", "last_posted_at", "author__username",
        ),
        *Post.objects.order_by("imported_from").values_list(
            "imported_from", "number", "author__username", "created_at", "vote_count",
        ),
        *User.objects.exclude(imported_from="").order_by("imported_from").values_list("imported_from", "username"),
        *ImportedId.objects.order_by("kind", "source_id").values_list("kind", "source_id", "digest", "address"),
        *Event.objects.order_by("name").values_list("name").annotate(Count("pk")),
        *Space.objects.exclude(slug="").order_by("slug").values_list("slug", "last_activity_at"),
    ]  # fmt: skip


@pytest.mark.long
def test_import_when_killed_at_many_points_then_ends_as_an_undisturbed_one(tmp_path):
    """Real processes and `kill -9`, on a database file of their own."""
    if connection.vendor != "sqlite":
        pytest.skip("One database is enough: the checkpoint is the same row on both.")
    folder = archive(tmp_path / "old")
    undisturbed = Processes(tmp_path / "a")
    assert undisturbed.start(folder).wait(180) == 0
    killed = Processes(tmp_path / "b")
    kills = 0
    for share in (0.15, 0.3, 0.45, 0.6, 0.8, 0.95):
        process = killed.start(folder)
        while process.poll() is None and killed.topics() < ROWS * share:
            time.sleep(0.02)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
    assert killed.start(folder).wait(180) == 0

    assert kills >= 3
    assert killed.content() == undisturbed.content()
    before = killed.content()
    assert killed.start(folder).wait(180) == 0
    assert killed.content() == before


class Processes:
    """Imports as an operator runs them, into DATA_DIR `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.database = folder / "threadwell.sqlite3"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
            "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev", "DEBUG": "off",
        }  # fmt: skip
        assert self._command("migrate", "-v0").wait(180) == 0

    def start(self, folder: Path) -> subprocess.Popen:
        return self._command("import_archive", str(folder))

    def topics(self) -> int:
        return self._rows("SELECT count(*) FROM forums_topic")[0][0]

    def content(self) -> list[tuple]:
        """All that an import writes, without ids that depend on the order of writing."""
        return [
            *self._rows(
                "SELECT t.imported_from, t.title, t.reply_count, t.last_post_number, t.last_posted_at, u.username,"
                " s.slug"
                " FROM forums_topic t JOIN accounts_user u ON u.id = t.author_id"
                " JOIN spaces_space s ON s.id = t.space_id ORDER BY 1"
            ),
            *self._rows(
                "SELECT p.imported_from, p.number, u.username, p.created_at, p.vote_count, length(p.html) > 0,"
                " p.body LIKE '%old.example%' FROM forums_post p JOIN accounts_user u ON u.id = p.author_id ORDER BY 1"
            ),
            *self._rows("SELECT username, display_name, imported_from FROM accounts_user ORDER BY imported_from"),
            *self._rows("SELECT slug, topic_count, last_activity_at FROM spaces_space ORDER BY 1"),
            *self._rows("SELECT kind, source_id, digest, address FROM config_importedid ORDER BY 1, 2"),
            *self._rows("SELECT name, count(*) FROM events_event GROUP BY 1 ORDER BY 1"),
            *self._rows("SELECT count(*) FROM events_delivery"),
        ]

    def _rows(self, statement: str) -> list[tuple]:
        reader = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)
        try:
            return reader.execute(statement).fetchall()
        finally:
            reader.close()

    def _command(self, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, str(django_settings.BASE_DIR / "manage.py"), *arguments]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)


@pytest.mark.django_db
def test_posts_when_imported_then_are_numbered_without_gaps(tmp_path):
    run_import(archive(tmp_path, 12))

    for topic in Topic.objects.all():
        numbers = list(Post.objects.filter(topic=topic).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, topic.last_post_number + 1))
