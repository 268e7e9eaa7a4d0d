"""What erasing a person does to each column that names them or may hold their name; every room says it of its own.

A column without a rule fails a test (`tests/erasing/test_rules.py`). The acts get some rows of one model in a
transaction of their own, a few hundred at most, and must bear being called again after a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from accounts.erasing.names import Traces

PIECE: Final = 200  # rows that an act gets at once
Rows = Sequence[Any]
Act = Callable[[Rows, str], None]
Changed = Callable[[Rows], None]


def let_go(rows: Rows, field: str) -> None:
    """The rows go: they are the person's alone."""
    type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).delete()


def leave_empty(rows: Rows, field: str) -> None:
    """The rows stay and name nobody any more."""
    type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).update(**{field: None})


def _nothing(rows: Rows) -> None:
    """Nothing hangs on these rows."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done to rows of the model that `label` names."""

    label: str

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)


@dataclass(frozen=True, slots=True)
class Link(Rule):
    """A column that points at a person; `act` makes rows point at them no more."""

    field: str
    act: Act
    changed: Changed


@dataclass(frozen=True, slots=True)
class Text(Rule):
    """Columns of text that may name somebody; the neutral word is put there, or `act` takes the rows."""

    fields: tuple[str, ...]
    changed: Changed
    act: Act | None


@dataclass(frozen=True, slots=True)
class Words(Rule):
    """Rows that a person wrote, and what takes their words away where that is wished. It must not need their name."""

    field: str
    act: Act


Errand = Callable[["Traces"], bool]
_links: dict[tuple[str, str], Link] = {}
_texts: dict[str, Text] = {}
_words: dict[str, Words] = {}
_errands: dict[str, Errand] = {}


def register_link(label: str, field: str, act: Act, *, changed: Changed = _nothing) -> None:
    """Say what becomes of the rows of `label` whose `field` is the person. `changed` hears of them afterwards."""
    _links[label, field] = Link(label, field, act, changed)


def register_text(label: str, *fields: str, changed: Changed = _nothing, act: Act | None = None) -> None:
    """Say that these columns may name people; once a model. With `act`, rows that do are given to it, not rewritten."""
    _texts[label] = Text(label, fields, changed, act)


def register_words(label: str, field: str, act: Act) -> None:
    """Say how the words of those rows are taken away whose `field` is a person who wants them gone."""
    _words[label] = Words(label, field, act)


def register_errand(name: str, errand: Errand) -> None:
    """Add what is found in another way: some of it a call; returns whether there is more."""
    _errands[name] = errand


def links() -> list[Link]:
    """All of them, in one order whatever the order in which rooms were loaded."""
    return [_links[key] for key in sorted(_links)]


def texts() -> list[Text]:
    return [_texts[key] for key in sorted(_texts)]


def words() -> list[Words]:
    return [_words[key] for key in sorted(_words)]


def errands() -> list[tuple[str, Errand]]:
    return sorted(_errands.items())
