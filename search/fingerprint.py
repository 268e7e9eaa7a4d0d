"""How long texts are told from one another, and how long they may be."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django.db import models

# A search of 1,000 characters as `search.log.normalised` gives it: one character (ﷺ) is folded into 18 at most.
MOST_NORMALISED: Final = 18_000
MOST_QUERY: Final = 20_000  # characters of an address; 1,000 characters of any script are at most 12,000 of these


class Fingerprint(models.CharField):
    """What tells one long text from every other: no index of PostgreSQL holds more than 2,700 bytes of the text itself.

    Filled from the field `of` whenever a row is written; look a text up by `Fingerprint.made(text)`.
    """

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 64, "editable": False} | kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.made(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value

    @staticmethod
    def made(text: str) -> str:
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
