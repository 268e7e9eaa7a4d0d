"""Makes and drops the full-text side of `search_entry`; called by migrations."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from search.engines import postgres_schema, sqlite_schema


def create(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "CREATE")


def drop(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "DROP")


def create_brief(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """What titles, tags and summaries say, apart: PostgreSQL only."""
    _run(editor, "CREATE_BRIEF")


def drop_brief(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "DROP_BRIEF")


def create_changes(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """The log of changes, by which what a process keeps is known to be true: SQLite only."""
    _run(editor, "CREATE_CHANGES")


def drop_changes(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "DROP_CHANGES")


def create_words(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Words in a table of their own, and what tells of changes: PostgreSQL only."""
    _run(editor, "CREATE_WORDS")


def drop_words(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "DROP_WORDS")


def create_own(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """The words of texts in other languages than English: SQLite only."""
    _run(editor, "CREATE_OWN")


def drop_own(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "DROP_OWN")


def _run(editor: BaseDatabaseSchemaEditor, name: str) -> None:
    dialect = postgres_schema if editor.connection.vendor == "postgresql" else sqlite_schema
    for sql in getattr(dialect, name, ()):
        editor.execute(sql, params=None)
