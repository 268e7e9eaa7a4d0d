"""Rows made by PostgreSQL itself: one INSERT … SELECT a table."""

from __future__ import annotations

from typing import Any

from django.db import connection, models


def fill(model: type[models.Model], source: str, **expressions: str) -> int:
    """Insert a row of `model` for each row of `source` (what stands after FROM); returns how many.

    `expressions` are SQL by field; every other field has its default, so that new fields need no change here.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.name in expressions]
    values: list[Any] = []
    columns, chosen = [], []
    for field in fields:
        columns.append(connection.ops.quote_name(field.column))
        expression = expressions.get(field.name)
        if expression is None:
            values.append(field.get_db_prep_save(field.get_default(), connection))
            expression = "%s" if values[-1] is not None else f"%s::{field.db_type(connection)}"
        else:
            expression = expression.replace("%", "%%")
        chosen.append(expression)
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM {source.replace('%', '%%')}"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def run(sql: str, *values: Any) -> None:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
