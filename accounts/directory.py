"""In which orders the list of people can stand; rooms above add those that they know: who helps, for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

Rows = QuerySet[User]


@dataclass(frozen=True, slots=True)
class Order:
    """`arrange` orders people, and may leave some out; `solutions` that it annotates are told beside each."""

    label: str | Promise
    arrange: Callable[[Rows], Rows]


def _by(*fields: str) -> Callable[[Rows], Rows]:
    return lambda rows: rows.order_by(*fields)


FIRST = "name"
_orders: dict[str, Order] = {
    FIRST: Order(_("By name"), _by("display_name", "pk")),
    "newest": Order(_("Newest first"), _by("-date_joined", "-pk")),
}


def register_order(name: str, order: Order) -> None:
    """Offer an order under `?order=<name>`; it counts only what everybody may know, for all see the same list."""
    _orders[name] = order


def order_of(name: str) -> Order:
    """The order of this name; that of names for one that is not known."""
    return _orders.get(name, _orders[FIRST])


def orders() -> list[tuple[str, str | Promise]]:
    """(name, label) of every order, for the page's choice."""
    return [(name, order.label) for name, order in _orders.items()]
