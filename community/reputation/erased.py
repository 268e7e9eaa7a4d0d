"""What erasing a person does to standings: theirs goes; others keep what they earned, recounted at night."""

from __future__ import annotations

from accounts.erasing.rules import let_go, register_link


def register_all() -> None:
    register_link("reputation.Standing", "user", let_go)
