"""PostgreSQL: pg_dump's custom form, of the very snapshot that the checksums are of; pg_restore in one transaction."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config.operation.backup import checksums
from config.operation.backup.checksums import Checksums
from config.operation.backup.problem import BackupProblem

_DROP = """
    SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
           WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass)
    FROM pg_class c
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i', 'a'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p
    WHERE pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def dump(target: Path) -> Checksums:
    """Write the database into the file `target`; returns the checksums of the same moment. Others go on writing."""
    with psycopg.connect(_address(), password=_password(), autocommit=True) as session:
        tool = _tool("pg_dump", session)
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = session.execute("SELECT pg_export_snapshot()").fetchone()[0]  # type: ignore[index]
        _run(tool, "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
             f"--file={target}", f"--dbname={_address()}")  # fmt: skip
        found = checksums.of_postgres(session)
        session.execute("COMMIT")
    return found


def check(dumped: Path, expected: Checksums) -> None:
    """Whether the tools are there and can read it, before anything is touched. Rows are compared once they are in."""
    with psycopg.connect(_address(), password=_password()) as session:
        _run(_tool("pg_restore", session), "--list", str(dumped))


def load(dumped: Path, expected: Checksums) -> None:
    """Empty the database and fill it, then compare every table. Raises BackupProblem where one differs."""
    connections.close_all()
    with psycopg.connect(_address(), password=_password()) as session:
        tool = _tool("pg_restore", session)
        for (statement,) in session.execute(_DROP).fetchall():
            session.execute(sql.SQL(statement))
    _run(tool, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments",
         f"--dbname={_address()}", str(dumped))  # fmt: skip
    with psycopg.connect(_address(), password=_password()) as session:
        differing = checksums.differing(checksums.of_postgres(session), expected)
    if differing:
        raise BackupProblem(f"These tables came out different: {', '.join(differing)}. Run the restore again.")


def _address() -> str:
    """Where the database is, without the password, which other users could read in the list of processes."""
    given = connection.settings_dict
    options: dict[str, Any] = {key: value for key, value in given["OPTIONS"].items() if key.startswith("ssl")}
    named = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}
    return make_conninfo(**{key: str(value) for key, value in named.items() if value}, **options)


def _password() -> str | None:
    return connection.settings_dict["PASSWORD"] or None


def _tool(name: str, session: psycopg.Connection) -> str:
    """The path of a client tool that is not older than the server, which it would refuse in words of its own."""
    server = session.info.server_version // 10_000
    path = shutil.which(name)
    if path is None:
        raise BackupProblem(f"{name} is missing: install the PostgreSQL client tools, version {server} or later.")
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"(\d+)", told)
    if found and int(found.group(1)) < server:
        raise BackupProblem(f"{name} is version {found.group(1)}, the server {server}: install {server} or later.")
    return path


def _run(tool: str, *arguments: str) -> None:
    env = {**os.environ, "PGOPTIONS": "-c statement_timeout=0 -c lock_timeout=0", "PGPASSWORD": _password() or ""}
    done = subprocess.run([tool, *arguments], env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()] or [f"ended with {done.returncode}"]
        raise BackupProblem(f"{Path(tool).name} failed: {said[0].strip()[:300]}")
