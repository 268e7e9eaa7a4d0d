"""A backup under write load comes back whole elsewhere; one that is not whole is refused before anything is touched."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import sqlite3
import stat
import tarfile
import threading
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.events.models import Event, Heartbeat
from accounts.events.pulse import Pulse
from accounts.models import User
from config.operation.backup import archive, checksums, place, postgres, sqlite
from config.operation.backup.make import backup
from config.operation.backup.problem import BackupProblem
from tests.factories.forums import make_reply, make_topic
from tests.operation.places import Place, empty_place

pytestmark = pytest.mark.django_db(transaction=True)
SEARCHED = (
    "from search.services import search; from search.parser import parse; from accounts.viewer import viewer_for\n"
    "found = search(viewer_for(None), parse('antenna'))\n"
    "print([item.card.title for item in found.items], found.total, found.degraded)"
)


@pytest.fixture
def home(settings, tmp_path) -> Path:
    """The installation that is backed up: the test database, with files of its own."""
    settings.DATA_DIR = tmp_path / "home"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    (settings.MEDIA_ROOT / "images").mkdir(parents=True)
    (settings.MEDIA_ROOT / "images" / "hub.bin").write_bytes(os.urandom(3_000_000))
    (settings.MEDIA_ROOT / "empty ö.txt").write_bytes(b"")
    return settings.DATA_DIR


@pytest.fixture
def made(home, tmp_path) -> Path:
    """An archive of a small community."""
    make_reply(make_topic(title="Which antenna for the hub?"))
    call_command("backup", str(tmp_path / "community.tar.gz"), verbosity=0, stdout=io.StringIO())
    return tmp_path / "community.tar.gz"


def manifest(file: Path) -> dict:
    with tarfile.open(file) as tar:
        return json.load(tar.extractfile("manifest.json"))


def tables_of(where: Place) -> dict:
    if where.database_url:
        with psycopg.connect(where.database_url) as session:
            return checksums.of_postgres(session)
    return checksums.of_sqlite(where.folder / "threadwell.sqlite3")


def rewritten(file: Path, change) -> Path:
    """The archive with some members changed: `change(name, bytes)` returns the bytes, or None to leave it out."""
    target = file.with_name(f"changed{len(list(file.parent.iterdir()))}.tar.gz")
    with tarfile.open(file) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def refused(file: Path, folder: Path) -> str:
    """Why `unpack` refuses an archive."""
    folder.mkdir()
    with pytest.raises(BackupProblem) as problem, file.open("rb") as stream:
        archive.unpack(stream, folder)
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_backup_when_others_write_then_it_is_of_one_moment_and_comes_back_with_equal_checksums(home, tmp_path):
    topic = make_topic(title="Which antenna for the hub?")
    stop, wrote = threading.Event(), []

    def write() -> None:
        # A pair in one transaction: a backup that is not of one moment would hold one without the other.
        while not stop.is_set():
            make_reply(topic, body=f"The long one, number {len(wrote)}.")
            wrote.append(1)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    file = tmp_path / "community.tar.gz"
    try:
        call_command("backup", str(file), stdout=io.StringIO())
    finally:
        stop.set()
        writer.join()

    held = manifest(file)
    assert wrote and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Event.objects.filter(name="backup.made", data__file=file.name).exists()
    assert set(held["files"]) == {"about.json", "database", "media/images/hub.bin", "media/empty ö.txt"}

    with empty_place(tmp_path, "new") as new:
        code, said = new.manage("restore", str(file))
        assert code == 0, said
        assert "every checksum as in the archive" in said
        for name in ("images/hub.bin", "empty ö.txt"):
            assert (new.folder / "media" / name).read_bytes() == (home / "media" / name).read_bytes()
        # What restoring itself writes: its event, the index, the signs of life.
        moved = {name for name in checksums.differing(tables_of(new), held["tables"]) if not name.startswith("search_")}
        assert moved <= {"events_event", "events_heartbeat", "events_delivery", "django_migrations"}
        assert new.python(SEARCHED).startswith("['Which antenna for the hub?'] 1")
        counted = (
            "from community.forums.models import Topic, Post\n"
            "topic = Topic.objects.get(); print(topic.last_post_number == Post.objects.count())"
        )
        assert new.python(counted).strip() == "True"
        assert new.manage("check")[0] == 0
        assert not list(new.folder.glob(".threadwell-*")) and not (new.folder / "restore-unfinished.json").exists()

        code, said = new.manage("restore", str(file))
        assert code == 1 and "--replace" in said and "Traceback" not in said
        code, said = new.manage("restore", str(file), "--replace")  # also over what is no table
        assert code == 0, said


@pytest.mark.long
def test_restore_when_ended_halfway_then_nothing_starts_until_it_was_run_again(made, tmp_path):
    with empty_place(tmp_path, "new") as new:
        process = new.start("restore", str(made))
        note = new.folder / "restore-unfinished.json"
        while process.poll() is None and not note.exists():
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert note.exists()

        code, said = new.manage("check")
        assert code == 1 and "ended halfway" in said and "restore FILE" in said and "Traceback" not in said
        code, said = new.manage("restore", str(made))
        assert code == 0 and "starts anew" in said, said
        assert new.manage("check")[0] == 0
        assert new.python(SEARCHED).startswith("['Which antenna for the hub?'] 1")


@pytest.mark.long
def test_backup_when_killed_then_no_archive_is_there_and_the_next_one_tidies_up(home, tmp_path, settings):
    target = tmp_path / "out"
    target.mkdir()
    with empty_place(tmp_path, "old") as old:
        assert old.manage("migrate", "--verbosity", "0")[0] == 0
        (old.folder / "media").mkdir(exist_ok=True)
        (old.folder / "media" / "large").write_bytes(os.urandom(60_000_000))
        process = old.start("backup", str(target / "a.tar.gz"))
        while process.poll() is None and not any(path.stat().st_size > 1_000_000 for path in target.iterdir()):
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert [path.name for path in target.iterdir() if not path.name.startswith(place.PARTIAL)] == []
        (old.folder / "media" / "large").unlink()

        code, said = old.manage("backup", str(target / "a.tar.gz"))

        assert code == 0, said
        assert [path.name for path in target.iterdir()] == ["a.tar.gz"]
        assert not list(old.folder.glob(f"{place.PARTIAL}*"))


def test_unpack_when_the_archive_is_cut_anywhere_then_it_is_refused_in_one_line(made, tmp_path):
    whole = made.read_bytes()
    for number, length in enumerate((0, 10, len(whole) // 3, len(whole) - 9, len(whole) - 1)):
        cut = tmp_path / f"cut{number}.tar.gz"
        cut.write_bytes(whole[:length])
        assert "damaged or not complete" in refused(cut, tmp_path / f"folder{number}")


def test_unpack_when_one_byte_of_a_file_was_changed_then_it_is_refused_by_name(made, tmp_path):
    def flip(name: str, content: bytes) -> bytes:
        return content[:-1] + bytes([content[-1] ^ 1]) if name == "media/images/hub.bin" else content

    assert "media/images/hub.bin" in refused(rewritten(made, flip), tmp_path / "folder")


@pytest.mark.parametrize("gone", ["media/images/hub.bin", "manifest.json", "about.json"])
def test_unpack_when_a_member_is_missing_then_it_is_refused(made, tmp_path, gone):
    told = refused(rewritten(made, lambda name, content: None if name == gone else content), tmp_path / "folder")
    assert gone in told or "manifest" in told


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE), ("/etc/outside", tarfile.REGTYPE), ("media/../../outside", tarfile.REGTYPE),
        ("media/link", tarfile.SYMTYPE), ("media/pipe", tarfile.FIFOTYPE), ("script.sql", tarfile.REGTYPE),
    ],
)  # fmt: skip
def test_unpack_when_a_member_leads_elsewhere_then_nothing_is_written_there(tmp_path, name, kind):
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member, io.BytesIO(b""))

    assert "no backup of this product" in refused(file, tmp_path / "folder")
    assert not (tmp_path / "outside").exists() and list((tmp_path / "folder").rglob("*")) == []


def test_restore_when_a_row_was_changed_and_the_checksums_of_files_mended_then_the_table_is_named(made, home):
    """Whoever edits the dump and its file checksum still meets the checksums of the tables."""
    if connection.vendor == "postgresql":
        pytest.skip("the same comparison runs after the load there; the round trip covers it")
    changed, folder = home / "database", home / "unpacked"
    with tarfile.open(made) as tar:
        changed.write_bytes(tar.extractfile("database").read())
    with sqlite3.connect(changed) as session:
        session.execute("DELETE FROM events_delivery")
        session.execute("UPDATE forums_topic SET title = 'Another'")
    session.close()
    content = changed.read_bytes()
    tables = manifest(made)["tables"]
    folder.mkdir()

    with pytest.raises(BackupProblem, match="forums_topic"):
        sqlite.check(changed, tables)
    changed.write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupProblem, match=r"damaged|cannot be read"):
        sqlite.check(changed, tables)


def test_restore_when_the_archive_does_not_fit_then_says_why_and_touches_nothing(made, home):
    people = User.objects.count()

    def about(**fields):
        def change(name: str, content: bytes) -> bytes:
            return json.dumps(json.loads(content) | fields).encode() if name == "about.json" else content

        return mended(made, change)

    for file, words in (
        (about(database="oracle"), "export_archive"),
        (about(format=99), "cannot read that form"),
        (about(migrations=["forums.9999_from_later"]), "later version"),
        (made.with_name("none.tar.gz"), "No such file"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("restore", str(file), "--replace", stdout=io.StringIO())
    with pytest.raises(CommandError, match="people in this database"):
        call_command("restore", str(made), stdout=io.StringIO())
    assert User.objects.count() == people and not place.unfinished()


def mended(file: Path, change) -> Path:
    """As `rewritten`, with the manifest told of the change."""
    entries = {}

    def note(name: str, content: bytes) -> bytes:
        if name == "manifest.json":
            held = json.loads(content)
            return json.dumps(held | {"files": entries}).encode()
        content = change(name, content)
        entries[name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        return content

    return rewritten(file, note)


def test_restore_when_a_process_still_runs_then_it_is_named_and_nothing_is_touched(made, settings):
    settings.HEARTBEAT_SECONDS = 10
    Pulse(Heartbeat.Kind.WEB).beat()

    with pytest.raises(CommandError, match=f"web process {os.getpid()}"):
        call_command("restore", str(made), "--replace", stdout=io.StringIO())
    assert User.objects.exists()


def test_backup_when_the_place_is_wrong_then_says_so_and_writes_nothing(home, settings, tmp_path):
    (tmp_path / "there.tar.gz").write_bytes(b"mine")
    for target, words in (
        (settings.MEDIA_ROOT / "b.tar.gz", "served to browsers"),
        (Path(settings.STATIC_ROOT) / "b.tar.gz", "served to browsers"),
        (tmp_path / "there.tar.gz", "exists already"),
        (tmp_path / "none" / "b.tar.gz", "no folder"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("backup", str(target), stdout=io.StringIO())
    assert (tmp_path / "there.tar.gz").read_bytes() == b"mine"


def test_backup_when_another_runs_then_says_so(home):
    with place.alone(), pytest.raises(CommandError, match="Another backup"):
        call_command("backup", stdout=io.StringIO())


def test_backup_when_sent_through_a_pipe_then_the_stream_is_a_whole_archive(home, tmp_path):
    stream, said = io.BytesIO(), []

    backup(None, say=said.append, stream=stream)

    stream.seek(0)
    (tmp_path / "folder").mkdir()
    assert archive.unpack(stream, tmp_path / "folder")["about"]["database"] == connection.vendor
    assert len(said) == 2


def test_backup_when_the_database_does_not_answer_then_says_so_in_one_line(tmp_path):
    (tmp_path / "none").mkdir()
    code, said = Place(tmp_path / "none", "postgres://nobody@127.0.0.1:1/none").manage("backup")

    assert code == 1 and "The database refuses: " in said and "Traceback" not in said
    assert len(said.strip().splitlines()) == 1 and not list((tmp_path / "none" / "backups").iterdir())


@pytest.mark.parametrize(("version", "words"), [("", "pg_dump is missing"), ("9.6.24", "is version 9, the server 15")])
def test_tool_when_it_is_missing_or_too_old_then_says_which_to_install(tmp_path, monkeypatch, version, words):
    if version:
        (tmp_path / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
        (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    server = SimpleNamespace(info=SimpleNamespace(server_version=150_014))

    with pytest.raises(BackupProblem, match=words):
        postgres._tool("pg_dump", server)


@pytest.mark.long
def test_restore_when_the_dump_itself_is_cut_then_it_is_refused_in_one_line(made, tmp_path):
    """As whoever mends the manifest after cutting the database would leave it."""
    cut = mended(made, lambda name, content: content[: len(content) * 2 // 3] if name == "database" else content)
    with empty_place(tmp_path, "new") as new:
        code, said = new.manage("restore", str(cut))
        assert code == 1 and "Traceback" not in said, said
        assert "pg_restore failed: " in said or "The database in the archive" in said

        code, said = new.manage("restore", str(made))
        assert code == 0, said
