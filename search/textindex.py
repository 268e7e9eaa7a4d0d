"""Makes and drops the full-text side of `search_entry`; called by migrations."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from search.engines import postgres, sqlite


def create(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "CREATE")


def drop(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "DROP")


def create_brief(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """What titles, tags and summaries say, apart: PostgreSQL only."""
    _run(editor, "CREATE_BRIEF")


def drop_brief(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, "DROP_BRIEF")


def _run(editor: BaseDatabaseSchemaEditor, name: str) -> None:
    dialect = postgres if editor.connection.vendor == "postgresql" else sqlite
    for sql in getattr(dialect, name, ()):
        editor.execute(sql, params=None)
