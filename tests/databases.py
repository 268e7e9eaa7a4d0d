"""One migrated database that every test process copies: to migrate takes a processor 16 seconds, to copy half a second.

`./test` makes it before its rounds (`python -m tests.databases make`, under the name that TEST_TEMPLATE says);
without that variable each test process migrates a database of its own, as pytest-django does.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

TEMPLATE = os.environ.get("TEST_TEMPLATE", "")


def make(template: str) -> None:
    """Migrate a new database of that name, on whichever server the settings say."""
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = _file(template) if connection.vendor == "sqlite" else template
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()


def copy(template: str) -> str:
    """Put a copy where this process's test database belongs, and let Django take it as it is; returns its name."""
    from django.db import connection

    target = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        _copy_file(_file(template), target)
    else:
        drop(target)
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{template}"')
    connection.settings_dict["TEST"]["MIGRATE"] = False
    return target


def drop(name: str) -> None:
    """Take a database off the server; SQLite's go with their folder."""
    from django.db import connection

    connection.close()
    if connection.vendor != "sqlite":
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _file(template: str) -> str:
    from django.conf import settings

    return str(settings.DATA_DIR / f"{template}.sqlite3")


def _copy_file(source: str, target: str) -> None:
    for left in ("", "-wal", "-shm", "-journal"):
        Path(f"{target}{left}").unlink(missing_ok=True)
    ours, theirs = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(target)
    ours.backup(theirs)
    ours.close()
    theirs.close()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    {"make": make, "drop": drop}[sys.argv[1]](TEMPLATE)
