"""Spaces."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.viewer import system_viewer
from community.spaces.models import Space
from community.spaces.services import space_create

_numbers = count(1)


def make_space(name: str = "", **fields: Any) -> Space:
    """A public space for every kind that the ask form offers, and ideas, unless told otherwise."""
    number = next(_numbers)
    kinds = "question discussion problem praise announcement event snippet idea"
    fields.setdefault("kinds", kinds.split())
    return space_create(
        viewer=system_viewer(), name=name or f"Space {number}", slug=fields.pop("slug", f"space-{number}"), **fields
    )
