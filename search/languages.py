"""The languages whose words are read by their own rules, and which of them the index holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.core.cache import cache
from django.db import transaction

from search.models import Entry

# Beside English, which every text is read as, too: names and foreign words stand in texts of all languages.
OWN: Final = ("de", "es", "fr", "it", "nl", "pt", "cs")
_KEY: Final = "search:languages"
_SECONDS: Final = 600


def code_of(language: str) -> str:
    """The bare code: pt-BR is pt."""
    return language.replace("_", "-").split("-")[0].lower()


def held() -> list[str]:
    """The languages, as documents name them, that the index holds; English always."""
    known = cache.get(_KEY)
    if known is None:
        found = Entry.objects.filter(is_deleted=False).order_by().values_list("language", flat=True).distinct()[:50]
        known = sorted({*found, "en"})
        cache.set(_KEY, known, _SECONDS)
    return known


def own_held() -> tuple[str, ...]:
    """Those of `OWN` that the index holds."""
    codes = {code_of(language) for language in held()}
    return tuple(code for code in OWN if code in codes)


def met(languages: Iterable[str]) -> None:
    """Call it with what is written, so that a language is searched from its first document on."""
    known = cache.get(_KEY)
    if known is not None and not set(languages) <= set(known):
        cache.delete(_KEY)
        transaction.on_commit(lambda: cache.delete(_KEY))  # somebody may have looked before this is to be seen
