"""What stops a backup or a restore, in one line for the operator."""

from __future__ import annotations

import sqlite3

import psycopg
from django.db import Error


class BackupProblem(Exception):
    """Nothing was changed, or the text says what was."""


#: what the commands answer with one line instead of a traceback: ours, the disk's, and those of the databases
TROUBLES = (BackupProblem, OSError, Error, psycopg.Error, sqlite3.Error)


def in_one_line(error: Exception) -> str:
    """The first line of what went wrong; the rest of a database's message is for those who debug it."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0] if isinstance(error, BackupProblem | OSError) else f"The database refuses: {lines[0]}"
