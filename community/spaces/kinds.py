"""The kinds of topic that a space can take; the room that owns topics says which there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise

Choice = tuple[str, str | Promise]
_kinds: list[Choice] = []
USUAL: Final = ("question", "discussion")  # what a space takes that names none


def register_kinds(choices: Iterable[Choice]) -> None:
    """Say which kinds there are. Call it in `AppConfig.ready()`."""
    _kinds[:] = choices


def kinds() -> list[Choice]:
    """All kinds as (value, label), in their order."""
    return list(_kinds)
