"""Statements that are built once a process and asked many times with other numbers.

Django builds and compiles a queryset anew for each request; on a page of ours that was half of its CPU. What `asked`
is given builds the same queryset, once for each kind of viewer, with marks in place of numbers; afterwards only the
numbers are put in. Which rows a viewer may see is still asked of the database in every request, by the same filters.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, QuerySet, Value
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from accounts.viewer import Viewer

MOST: Final = 1_000
Build = Callable[..., QuerySet]
Rows = Iterable[Sequence[Any]]
Read = Callable[[Rows, BaseDatabaseWrapper], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL, its parameters, and at which of their places which number goes."""

    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    read: Read


_statements: dict[Hashable, _Statement | None] = {}


def asked(name: str, build: Build, viewer: Viewer, **numbers: int | str) -> list[Any]:
    """The rows of `build(viewer, **numbers)`, which is called once for each kind of viewer, with marks for numbers.

    So `build` may depend on what the viewer may see and do and on its numbers as parameters, and on nothing else: no
    time, no other argument. A text may stand for a number, and is always a text then. It returns model instances or
    `values_list` rows; prefetches are not made. `name` is its own in the whole product.

    Raises ValueError where a number is more than a parameter (a limit, for instance).
    """
    connection = connections[DEFAULT_DB_ALIAS]
    texts = tuple(name for name, value in numbers.items() if isinstance(value, str))
    who = (viewer.is_signed_in, viewer.roles, viewer.organisation_id, _shared(viewer))
    key = (name, *numbers, texts, connection.vendor, *who)
    try:
        statement = _statements[key]
    except KeyError:
        while len(_statements) >= MOST:
            _statements.pop(next(iter(list(_statements))), None)  # the oldest
        statement = _statements[key] = _built(build, viewer, sorted(numbers), texts)
    if statement is None:
        return []
    parameters = list(statement.parameters)
    for place, number in statement.places:
        parameters[place] = viewer.user_id if number == "viewer" else numbers[number]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, parameters)
        rows = cursor.fetchall()
    return list(statement.read(rows, connection))


def counted(name: str, build: Build, viewer: Viewer, **numbers: int | str) -> int:
    """How many rows `build` finds; otherwise as `asked`."""

    def count(viewer: Viewer, **marks: int | str) -> QuerySet:
        rows = build(viewer, **marks).order_by().annotate(one=Value(1)).values("one")
        return rows.annotate(n=Count("pk")).values_list("n")

    found = asked(name, count, viewer, **numbers)
    return int(found[0][0]) if found else 0


def numbered(prefix: str, numbers: Sequence[int], most: int) -> dict[str, int]:
    """A list of up to `most` numbers as single ones, filled up with zeros, which are no row's."""
    return {f"{prefix}{at}": numbers[at] if at < len(numbers) else 0 for at in range(most)}


def _shared(viewer: Viewer) -> frozenset[str]:
    """The tokens that do not name the viewer: what all viewers of a kind have in common, but for reading their own."""
    own = f"user:{viewer.user_id}"
    return frozenset("own" if token == own else token for token in viewer.tokens if not token.endswith(f"/{own}"))


def _like(viewer: Viewer, user_id: int) -> Viewer:
    """The same viewer under another number, with no more than the key of a statement tells of them."""
    if not viewer.is_signed_in:
        return Viewer(roles=viewer.roles, tokens=viewer.tokens)
    own, other = f"user:{viewer.user_id}", f"user:{user_id}"
    tokens = {t.removesuffix(own) + other if t == own or t.endswith(f"/{own}") else t for t in viewer.tokens}
    return Viewer(
        user_id=user_id, roles=viewer.roles, organisation_id=viewer.organisation_id, tokens=frozenset(tokens)
    )


def _built(build: Build, viewer: Viewer, names: Sequence[str], texts: Sequence[str]) -> _Statement | None:
    """Built twice with different marks: where the parameters differ, a number goes. None where nothing can be found."""
    first, second = (
        {name: f"mark{at + step}" if name in texts else at + step for step, name in enumerate(["viewer", *names])}
        for at in (2**30, 2**30 + 500)
    )
    try:
        (sql, parameters, compiler, rows), (other_sql, others, *_rest) = _compiled(build, viewer, first), _compiled(
            build, viewer, second
        )
    except EmptyResultSet:
        return None
    known = {number: name for name, number in first.items()}
    places = tuple((at, known.get(p, "")) for at, (p, q) in enumerate(zip(parameters, others, strict=True)) if p != q)
    if sql != other_sql or not all(name for _at, name in places):
        raise ValueError("A number of this statement is more than a parameter.")
    return _Statement(sql, parameters, places, _reader(compiler, rows))


def _compiled(
    build: Build, viewer: Viewer, marks: dict[str, Any]
) -> tuple[str, tuple[Any, ...], SQLCompiler, QuerySet]:
    marks = dict(marks)
    rows = build(_like(viewer, marks.pop("viewer")), **marks)
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    return sql, tuple(parameters), compiler, rows


def _reader(compiler: SQLCompiler, rows: QuerySet) -> Read:
    """From rows of the cursor to what the queryset gives, as Django's own iterables do it.

    Holds on to neither the compiler nor the queryset: there may be a thousand of these.
    """
    columns = compiler.select[: compiler.col_count]
    converters = tuple(compiler.get_converters([column[0] for column in columns]).items())

    def converted(found: Rows, connection: BaseDatabaseWrapper) -> Rows:
        return _converted(found, converters, connection) if converters else found

    if rows._fields is not None:  # type: ignore[attr-defined]
        return lambda found, connection: map(tuple, converted(found, connection))
    info = compiler.klass_info
    model, own = info["model"], slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [column[0].target.attname for column in columns[own]]
    related = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    extra = tuple(compiler.annotation_col_map.items())

    def instances(found: Rows, connection: BaseDatabaseWrapper) -> Iterator[Any]:
        for row in converted(found, connection):
            instance = model.from_db(DEFAULT_DB_ALIAS, names, row[own])
            for populator in related:
                populator.populate(row, instance)
            for name, at in extra:
                setattr(instance, name, row[at])
            yield instance

    return instances


def _converted(found: Rows, converters: Iterable[tuple[int, Any]], connection: BaseDatabaseWrapper) -> Iterator[list]:
    for row in map(list, found):
        for at, (calls, expression) in converters:
            for call in calls:
                row[at] = call(row[at], expression, connection)
        yield row
