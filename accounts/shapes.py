"""What of a value makes a piece look different, and what is only a text in it.

A post's piece is the same HTML for every post but for its texts. So the fields that a `Shaped` dataclass declares as
`Text` or `Number` are no part of the key of a piece (`accounts.fragments`): it is rendered with marks in their places,
and each post's own are put in there, escaped as a template would. A template may show such a field, ask whether
a `Text` is empty, and make an address of a `Number`; it may not compare them, put them through a filter, or count by
them, for then it would do so with a mark.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from dataclasses import fields, replace
from functools import cache
from html import escape
from operator import attrgetter
from typing import Annotated, Any, Final, get_type_hints

Text = Annotated[str, "no part of a shape"]
Number = Annotated[int, "no part of a shape"]
SECRET: Final = secrets.token_hex(8)  # nobody's text can hold the mark of a slot
_DIGITS: Final = str(secrets.randbelow(9 * 10**11) + 10**11)


class Shaped:
    """What frozen dataclasses with such fields are."""

    __slots__ = ()


class Words(str):
    """A text that is no part of a piece's key where it is a value by itself and not a field."""

    __slots__ = ()


@cache
def _plan(kind: Any) -> tuple[tuple[str, bool], ...] | None:
    """The fields of what is `Shaped`, each with whether it is a `Text` or a `Number`; None for all else."""
    if not issubclass(kind, Shaped):
        return None
    hints = get_type_hints(kind, include_extras=True)
    return tuple((field.name, hints[field.name] in (Text, Number)) for field in fields(kind))


@cache
def _read(kind: type) -> attrgetter:
    names = [field.name for field in fields(kind)]
    return attrgetter(*names, names[0])  # the first twice: a getter of one name gives no tuple


def shape_of(value: Any, texts: list[str]) -> Hashable:
    """The value without its texts, which are added to `texts`, in their order and ready for HTML."""
    kind: Any = type(value)
    if kind is str or kind is bool or kind is int or value is None:
        return value
    if kind is tuple:
        return tuple([shape_of(part, texts) for part in value])
    if kind is Words:
        return _noted(value, texts)
    plan = _plan(kind)
    if plan is None:
        return value
    parts = zip(plan, _read(kind)(value), strict=False)
    return (kind, *[_noted(part, texts) if is_text else shape_of(part, texts) for (_name, is_text), part in parts])


def _noted(value: Any, texts: list[str]) -> Hashable:
    """A text that is there is like any other one; that one is empty is seen."""
    if value is None or value == "":
        return value
    texts.append(value if hasattr(value, "__html__") else escape(str(value)))
    return "#" if isinstance(value, str) else 0


def marked(value: Any, count: list[int]) -> Any:
    """The value with marks for its texts; `count` holds how many there were before."""
    kind: Any = type(value)
    if kind is tuple:
        return tuple(marked(part, count) for part in value)
    if kind is Words:
        return _mark(value, count)
    plan = _plan(kind)
    if plan is None:
        return value
    changed = {name: (_mark if is_text else marked)(getattr(value, name), count) for name, is_text in plan}
    return replace(value, **changed)


def _mark(value: Any, count: list[int]) -> Any:
    if value is None or value == "":
        return value
    count[0] += 1
    return f"slot{SECRET}{count[0] - 1}end" if isinstance(value, str) else int(f"{_DIGITS}{count[0] - 1:05}")


PATTERN: Final = rf"slot{SECRET}(\w+?)end|{_DIGITS}(\d{{5}})"
