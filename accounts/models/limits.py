"""The last of the three walls around a text's length: the form and the service say it in words."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual


class TextLimit(models.CheckConstraint):
    """At most `limit` characters in `field`; of a JSON field, of what it is written as.

    Forms and services check before with better words, so `full_clean` asks the database nothing.
    """

    def __init__(self, *, field: str, limit: int, name: str, is_json: bool = False) -> None:
        self.field, self.limit, self.is_json = field, limit, is_json
        text = Cast(field, models.TextField()) if is_json else models.F(field)
        super().__init__(condition=LessThanOrEqual(Length(text), limit), name=name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The service that writes has said it in words."""

    def deconstruct(self) -> tuple:
        given = {"field": self.field, "limit": self.limit, "name": self.name}
        return "accounts.models.limits.TextLimit", (), given | ({"is_json": True} if self.is_json else {})
