"""What the tables of known words have in common."""

from __future__ import annotations

from typing import Any, Self

from django.db import models


class KnownWord(models.Model):
    """A folded word where what was mistyped is looked up, found by its first letter and how many it has."""

    word = models.CharField(max_length=40, unique=True)
    initial = models.CharField(max_length=1)
    length = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.word

    @classmethod
    def of(cls, word: str, **fields: Any) -> Self:
        return cls(word=word, initial=word[0], length=len(word), **fields)

    @classmethod
    def around(cls, word: str, most: int) -> models.QuerySet[Self]:
        """Those that begin as `word` does and have at most so many letters more or less."""
        return cls._default_manager.filter(initial=word[0], length__range=(len(word) - most, len(word) + most))
