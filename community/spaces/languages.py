"""The languages that a space may be said to be in, as its settings offer them: those that search reads well first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from search import languages

_READ: Final = ("en", *languages.OWN)


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((code, languages.name_of(code)) for code in codes), key=lambda one: one[1].casefold())


LANGUAGES: Final = [
    ("", format_lazy(_("As the whole site: {language}"), language=languages.name_of(languages.usual()))),
    (_("With all forms of a word"), _named(_READ)),
    (_("As written"), _named(code for code in languages.KNOWN if code not in _READ)),
]
