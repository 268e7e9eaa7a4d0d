"""Why a row could not be taken in: always a field and a sentence for the person who will repair the file."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import DatabaseError


class RowProblem(Exception):
    """This row is left out; the run goes on."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}" if field else why)
        self.field, self.why = field, why


def problem_from(error: RowProblem | ValidationError | DatabaseError) -> RowProblem:
    """The first field that a service or the database refused, in its own words."""
    if isinstance(error, RowProblem):
        return error
    if isinstance(error, DatabaseError):
        return RowProblem("", f"the database refused it: {error!s:.300}")
    if hasattr(error, "error_dict"):
        field, messages = next(iter(error.message_dict.items()))
        return RowProblem("" if field == "__all__" else field, " ".join(messages))
    return RowProblem("", " ".join(error.messages))
