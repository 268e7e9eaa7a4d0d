"""A checksum of every table: the number of rows, and the sum of the hashes of the rows, so their order is no matter."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import psycopg
from psycopg import sql

Checksums = dict[str, list]  # table → [rows, checksum]
_PLAIN = (
    "SET TimeZone = 'UTC'", "SET DateStyle = 'ISO'", "SET IntervalStyle = 'postgres'", "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1", "SET statement_timeout = 0", "SET lock_timeout = 0",
)  # fmt: skip
_TABLES = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""


def of_sqlite(path: Path) -> Checksums:
    """Of a database file that nobody writes to. Raises sqlite3.Error for what is none."""
    found: Checksums = {}
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.text_factory = bytes
        named = "SELECT CAST(name AS BLOB) FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        for (raw,) in connection.execute(f"{named} AND name NOT LIKE 'sqlite_%' ORDER BY name").fetchall():
            name = raw.decode()
            rows = total = 0
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
                rows += 1
                total += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=8).digest())
            found[name] = [rows, f"{total % 2**64:016x}"]
    finally:
        connection.close()
    return found


def of_postgres(connection: psycopg.Connection) -> Checksums:
    """Of the tables of the current schema, as the connection's transaction sees them; generated columns are left out,
    because the server makes them anew."""
    for statement in _PLAIN:
        connection.execute(statement)
    found: Checksums = {}
    for name, columns in connection.execute(_TABLES).fetchall():
        query = sql.SQL(
            "SELECT count(*), coalesce(sum(('x' || left(md5(ROW({columns})::text), 16))::bit(64)::bigint::numeric), 0) "
            "FROM {table}"
        ).format(columns=sql.SQL(", ").join(map(sql.Identifier, columns)), table=sql.Identifier(name))
        rows, total = connection.execute(query).fetchone() or (0, 0)
        found[name] = [rows, f"{int(total) % 2**64:016x}"]
    return found


def differing(one: Checksums, other: Checksums) -> list[str]:
    """The names of the tables that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
