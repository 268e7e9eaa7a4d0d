"""The database that is configured here, by what can be done with it."""

from __future__ import annotations

from types import ModuleType

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.operation.backup import postgres, sqlite
from config.operation.backup.problem import BackupProblem


def dialect() -> ModuleType:
    """`sqlite` or `postgres`: dump, check and load."""
    found = {"sqlite": sqlite, "postgresql": postgres}.get(connection.vendor)
    if found is None:
        raise BackupProblem(f"Backups of {connection.vendor} are its own tools' work.")
    return found


def applied_migrations() -> list[str]:
    """`app.name` of every migration that the database has had."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)


def unknown_migrations(names: list[str]) -> list[str]:
    """Those of an archive that this version of the product does not have."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    ours = {config.label for config in apps.get_app_configs()}
    return [name for name in names if name.split(".")[0] in ours and name not in known and "squashed" not in name]


def is_empty() -> bool:
    """Whether nobody lives here yet: no tables, or the tables of `migrate` without a person."""
    if "accounts_user" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_user LIMIT 1")
        return cursor.fetchone() is None
