"""SQLite: a copy by its online backup, which is of one moment while others write, and a file put in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

from django.db import connection, connections

from config.operation.backup import checksums
from config.operation.backup.checksums import Checksums
from config.operation.backup.problem import BackupProblem


def database_file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def dump(target: Path) -> Checksums:
    """Copy the database into the file `target`; returns the checksums of that copy."""
    source = sqlite3.connect(f"file:{database_file()}?mode=ro", uri=True, timeout=60)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)  # all pages in one step: a reader in WAL mode, so nobody waits for it
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    finally:
        copy.close()
        source.close()
    return checksums.of_sqlite(target)


def check(dumped: Path, expected: Checksums) -> None:
    """Refuse a copy that is damaged or not what the manifest says, before anything is touched."""
    try:
        connection = sqlite3.connect(f"file:{dumped}?mode=ro", uri=True)
        try:
            told = connection.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            connection.close()
        if told != "ok":
            raise BackupProblem(f"The database in the archive is damaged: {told}.")
        differing = checksums.differing(checksums.of_sqlite(dumped), expected)
    except sqlite3.Error as error:
        raise BackupProblem(f"The database in the archive cannot be read: {error}.") from None
    if differing:
        raise BackupProblem(f"These tables are not what the manifest says: {', '.join(differing)}.")


def load(dumped: Path, expected: Checksums) -> None:
    """Put the copy in the database's place. Nobody else may have it open; `expected` was checked before."""
    connections.close_all()
    place = database_file()
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(place.name + ".restoring")
    shutil.copyfile(dumped, beside)
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    for log in ("-wal", "-shm", "-journal"):  # an old log beside a new file would be taken for its own
        place.with_name(place.name + log).unlink(missing_ok=True)
    os.replace(beside, place)
